//! Tests of the hub as its users meet it: a real server on a loopback port, a real store.

mod crash;
mod health;
mod ingest;
mod limits;
mod order;
mod portal;
mod reading;
mod refusals;
mod world;
