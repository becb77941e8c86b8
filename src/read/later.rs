//! Buffers that are not noted as they come, but found by reading once more when something is said of one: most
//! data never does, and its reader keeps nothing of them.

use super::buffers::Buffer;
use super::machine::Machine;
use crate::wire::Tag;

impl Machine<'_> {
    /// Notes no buffers until one is asked for. The data is read from its beginning, and ids count from 0.
    pub(super) fn note_buffers_later(&mut self) {
        // Version 0 is read twice anyway.
        self.buffers_later = self.version.0 != 0;
    }

    /// What is known of the buffer with this id of V8's, if it is one and a view follows.
    #[inline]
    pub(super) fn buffer_of_view(&mut self, id: u32) -> Option<Buffer> {
        if self.buffers_later {
            let mut peek = self.input;
            if !peek.tag_if(Tag::ARRAY_BUFFER_VIEW.0) {
                return None;
            }
            self.find_buffers(self.next_id);
        }
        self.buffer_with(id)
    }

    /// Notes all buffers below this id, and from here on each as it comes.
    #[cold]
    #[inline(never)]
    pub(super) fn find_buffers(&mut self, id: u32) {
        if !core::mem::take(&mut self.buffers_later) {
            return;
        }
        let mut scout = self.scout();
        scout.begin_at_front();
        // All of this has been read before, and is good: in version 13 without flags.
        scout.read_plainly();
        while scout.next_id < id {
            match scout.advance::<(), false>(&mut ()) {
                Ok(true) => {}
                Ok(false) if scout.header().is_ok() => {
                    scout.begin_value();
                    scout.read_plainly();
                }
                _ => break,
            }
        }
        self.retire(scout);
        self.drop_spare();
    }
}
