//! Bad input through the real program: a code, a place, a hint, and nothing else lost.
