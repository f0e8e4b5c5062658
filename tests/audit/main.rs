//! The whole tool, held against the simulator: one module for each theme.

#[cfg(test)]
mod audiences;
#[cfg(test)]
mod comfort;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod files;
#[cfg(test)]
mod formats;
#[cfg(test)]
mod house;
#[cfg(test)]
mod language;
#[cfg(test)]
mod leaks;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod library;
#[cfg(test)]
mod lot;
#[cfg(test)]
mod manners;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod report;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod size;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod verdicts;
#[cfg(test)]
mod writes;
