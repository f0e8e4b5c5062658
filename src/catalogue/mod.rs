//! What can be known about a HiBob permission: rows of data, read once.
pub mod id;
