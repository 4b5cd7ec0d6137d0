//! The frames that an HTTP/2 connection writes. Only DATA frames show that the client reads its
//! answers: replies to its PING and SETTINGS frames are written even if it does not.
//!
//! h2 does not tell a server which frames it writes, so they are followed here.

/// The length of a frame's header.
const HEADER: usize = 9;
/// The type of frames that carry a body.
const DATA: u8 = 0;

/// The position of a connection in its frames, and whether there was data.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frames {
    header: [u8; HEADER],
    /// How many bytes of the header are known.
    known: usize,
    /// How many bytes of the payload are still to come.
    left: usize,
    has_data: bool,
}

impl Frames {
    /// Follows what was written.
    pub(super) fn follow(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.left > 0 {
                let taken = self.left.min(bytes.len());
                self.left -= taken;
                self.has_data |= self.header[3] == DATA;
                bytes = &bytes[taken..];
            } else {
                let taken = (HEADER - self.known).min(bytes.len());
                self.header[self.known..self.known + taken].copy_from_slice(&bytes[..taken]);
                self.known += taken;
                bytes = &bytes[taken..];
                if self.known == HEADER {
                    let [high, middle, low, ..] = self.header;
                    (self.known, self.left) =
                        (0, u32::from_be_bytes([0, high, middle, low]) as usize);
                }
            }
        }
    }

    /// Whether there was data since the last call of this.
    pub(super) fn take_data(&mut self) -> bool {
        std::mem::take(&mut self.has_data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9113, section 4.1: a frame is its length, type, flags, stream and payload. It may be
    /// written in any pieces.
    #[test]
    fn only_data_counts() {
        let frame = |kind: u8, length: u8| {
            let header = [0, 0, length, kind, 0, 0, 0, 0, 1];
            [&header[..], &vec![0; length.into()]].concat()
        };
        let (settings, ping, headers) = (frame(4, 6), frame(6, 8), frame(1, 50));
        let others = [settings, ping.clone(), headers, frame(0, 0), ping].concat();
        for size in 1..=others.len() {
            let mut frames = Frames::default();
            others.chunks(size).for_each(|piece| frames.follow(piece));
            assert!(!frames.take_data(), "{size}");
            frame(0, 1)
                .chunks(size)
                .for_each(|piece| frames.follow(piece));
            assert!(frames.take_data() && !frames.take_data(), "{size}");
        }
    }
}
