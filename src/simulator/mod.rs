//! A pretend HiBob: an independent witness that answers over real HTTP.
