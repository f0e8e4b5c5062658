//! How to ask: the only outgoing sockets.

pub mod answer;
pub mod client;
pub mod door;
pub mod pace;
pub mod retry;
pub mod secret;
