//! Workbooks made for the tests.
