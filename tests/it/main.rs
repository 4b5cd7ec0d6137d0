//! The emulator, as a client sees it.
