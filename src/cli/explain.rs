//! `detente explain CODE`
