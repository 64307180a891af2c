//! Layer 0: portable mathematics. The same bits on every machine.
//!
//! The only place that names `libm`: transcendental functions of the standard library differ between platforms, these do
//! not. Everything here is a pure function of its arguments and allocates nothing.

mod beta;
mod gamma;
mod maths;
mod normal;
mod root;

pub use beta::{beta_cdf, beta_quantile};
pub use gamma::{gamma_cdf, gamma_quantile};
pub use maths::{
    chance_all, cos, erfc, exp, exp_m1, ln, ln_1p, ln_gamma, logistic, logistic_all, pow, sin, sqrt, tanh,
};
pub use normal::{normal_cdf, normal_quantile};
