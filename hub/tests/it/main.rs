//! Tests of the hub as its users meet it: a real server on a loopback port, a real store.
//!
//! `cfg(test)` tells clippy that the modules' helpers are tests too.

#[cfg(test)]
mod crash;
#[cfg(test)]
mod health;
#[cfg(test)]
mod ingest;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod order;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod world;
