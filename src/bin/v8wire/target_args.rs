//! Who is to read what is written, as it can be typed.

use clap::Args;
use v8wire::{ByteOrder, Profile, Target, WriteOptions};

/// How to write.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Writing")]
pub(crate) struct TargetArgs {
    /// The engine that is to read it: `node-8` to `node-26`, `deno`, `deno-core`, `chromium-120`,
    /// `electron-30`, `v8-13.6`; without a number the newest
    #[arg(long, value_name = "ENGINE")]
    pub(crate) target: Option<Target>,

    /// The version to write [default: that of the target]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(13..=16))]
    pub(crate) to_version: Option<u32>,

    /// The form of typed arrays and Buffers [default: that of the target, or the one that they have]
    #[arg(long, value_name = "PROFILE", value_parser = crate::args::profiles())]
    pub(crate) to_profile: Option<Profile>,

    /// Put something near in the place of what the target or the version cannot carry
    #[arg(long)]
    pub(crate) lower: bool,
}

impl TargetArgs {
    pub(crate) fn is_any(&self) -> bool {
        self.target.is_some()
            || self.to_version.is_some()
            || self.to_profile.is_some()
            || self.lower
    }

    /// For data in this byte order, which only a target changes: all of them are little-endian.
    pub(crate) fn options(&self, order: ByteOrder) -> WriteOptions {
        let mut options = match self.target {
            Some(target) => WriteOptions::for_target(target),
            None => WriteOptions::new().byte_order(order),
        };
        options.version = self.to_version.unwrap_or(options.version);
        options.profile = self.to_profile.or(options.profile);
        options.lower(self.lower)
    }
}
