//! Version 13's quirk: some writers put flags behind views, which the version does not have.
//!
//! V8 reads such a value without flags and, when that fails, once more with flags
//! (`ReadObjectWrapper`; SPEC.md 6.11). Up to the first view the two readings are the same, so the
//! question is put there: a copy of the state reads on to the end of the value. Events that have
//! been given out stay right, which a second reading from the start could not promise; and ids are
//! those that the writer meant, where V8 goes on counting (SPEC.md 4.8, 12.3).

use super::machine::Machine;
use super::views::Buffer;
use crate::error::Error;

impl Machine<'_> {
    /// Whether the views of this value carry flags. The position is behind the first view's tag.
    #[cold]
    #[inline(never)]
    pub(super) fn find_out_view_flags(&mut self, buffer: Buffer) -> bool {
        if !self.rules.second_reading() {
            return false;
        }
        let Err(plain) = self.try_to_end(buffer, false) else { return false };
        match self.try_to_end(buffer, true) {
            Ok(()) => true,
            // Neither is good: the reading that comes further has the better error.
            Err(flags) => flags.offset() > plain.offset(),
        }
    }

    fn try_to_end(&mut self, buffer: Buffer, flags: bool) -> Result<(), Error> {
        // What grows from value to value is lent, not copied: it is only added to.
        let buffers = core::mem::take(&mut self.buffers);
        let memories = core::mem::take(&mut self.memories);
        let options = core::mem::take(&mut self.options);
        let known = (buffers.len(), memories.len());
        let mut copy = self.clone();
        (copy.buffers, copy.memories, copy.options) = (buffers, memories, options);
        copy.view_flags = Some(flags);
        let result = copy.view(buffer, &mut ()).and_then(|()| copy.run(&mut ()));
        (self.buffers, self.memories, self.options) = (copy.buffers, copy.memories, copy.options);
        self.buffers.truncate(known.0);
        self.memories.truncate(known.1);
        result
    }
}
