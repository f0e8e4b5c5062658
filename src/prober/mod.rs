//! How to ask: the only outgoing sockets.
