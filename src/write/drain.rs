//! Passing on what has been written before all of it is there.

use super::error::{WriteError, WriteErrorKind};
use super::writer::{Done, Writer};
use crate::read::event::Event;
use crate::text::Text;

/// How many bytes gather before they are passed on.
const ENOUGH: usize = 1 << 16;

/// Where bytes are passed on to.
pub(crate) trait Drain {
    /// Takes the bytes; `false` where that does not work.
    fn take(&mut self, bytes: &[u8]) -> bool;
}

/// The same for one more call.
pub(crate) fn again<'d>(drain: &'d mut Option<&mut dyn Drain>) -> Option<&'d mut dyn Drain> {
    match drain {
        Some(drain) => Some(&mut **drain),
        None => None,
    }
}

impl Writer {
    /// Passes on all that there is, and `contents` where the writer has left them out.
    pub(crate) fn drain(&mut self, drain: &mut dyn Drain, contents: &[u8]) -> Done {
        self.guard(|w| {
            let good = (w.out.bytes().is_empty() || drain.take(w.out.bytes()))
                && (!w.out.has_passed_on() || drain.take(contents));
            w.out.take();
            if good { Ok(()) } else { Err(WriteError::new(WriteErrorKind::Output)) }
        })
    }

    /// Passes on what there is behind the event, if that is enough or has to be.
    #[inline]
    pub(crate) fn drain_behind(&mut self, drain: &mut dyn Drain, contents: &[u8]) -> Done {
        if self.out.has_passed_on() || self.out.bytes().len() >= ENOUGH {
            return self.drain(drain, contents);
        }
        Ok(())
    }
}

/// What of an event may be left out (see `Output::data`).
pub(crate) fn contents<'e>(event: &Event<'e>) -> &'e [u8] {
    match *event {
        Event::ArrayBuffer(data)
        | Event::ImmutableArrayBuffer(data)
        | Event::ResizableArrayBuffer { data, .. }
        | Event::HostBytes(data)
        | Event::String(Text::OneByte(data) | Text::TwoByte(data, _) | Text::Utf8(data)) => data,
        Event::HostView { payload, .. } => payload,
        _ => &[],
    }
}

/// Passes on what `write` gives, as it comes, and the rest of it.
pub(crate) fn drained<S>(
    state: &mut S,
    drain: &mut dyn Drain,
    writer: impl Fn(&mut S) -> &mut Writer,
    write: impl FnOnce(&mut S, &mut dyn Drain) -> Done,
) -> Done {
    writer(state).out.pass_on_from(ENOUGH);
    let result = write(state, drain);
    let writer = writer(state);
    writer.out.pass_on_from(usize::MAX);
    result.and_then(|()| writer.drain(drain, &[]))
}

#[cfg(feature = "std")]
mod io {
    use std::io;

    use super::{Drain, drained};
    use crate::write::error::{WriteError, WriteErrorKind};
    use crate::write::writer::{Done, Writer};

    /// A writer, and the error that made it fail.
    struct ToWriter<W> {
        to: W,
        error: Option<io::Error>,
    }

    impl<W: io::Write> Drain for ToWriter<W> {
        fn take(&mut self, bytes: &[u8]) -> bool {
            match self.to.write_all(bytes) {
                Ok(()) => true,
                Err(error) => {
                    self.error = Some(error);
                    false
                }
            }
        }
    }

    /// Writes to `to` what `write` gives, as it comes, and the rest of it.
    pub(crate) fn draining<S>(
        state: &mut S,
        to: impl io::Write,
        writer: impl Fn(&mut S) -> &mut Writer,
        write: impl FnOnce(&mut S, &mut dyn Drain) -> Done,
    ) -> io::Result<()> {
        let mut drain = ToWriter { to, error: None };
        let result = drained(state, &mut drain, writer, write);
        match (result, drain.error) {
            (Ok(()), _) => Ok(()),
            (Err(_), Some(error)) => Err(error),
            (Err(error), None) => Err(error.into()),
        }
    }

    impl From<WriteError> for io::Error {
        /// Of the kind `InvalidData`, or `Other` where the output failed before.
        fn from(error: WriteError) -> Self {
            let kind = match error.kind() {
                WriteErrorKind::Output => io::ErrorKind::Other,
                _ => io::ErrorKind::InvalidData,
            };
            io::Error::new(kind, error)
        }
    }
}

#[cfg(feature = "std")]
pub(crate) use io::draining;
