//! Expressions from text to value and from text to message.
