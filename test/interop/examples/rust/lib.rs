//! The crate under test would be here. `tests/verdicts.rs` takes its tokens from swcca.
