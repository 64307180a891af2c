//! Laws of attrition: two forces that wear each other down.

/// Step of the integration, in the unit of time of the rates.
const STEP: f64 = 0.01;

/// Two forces that aim at each other (Lanchester 1916, square law): x' = -a y, y' = -b x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Square {
    /// Losses of x per unit of y and time, positive.
    pub a: f64,
    /// Losses of y per unit of x and time, positive.
    pub b: f64,
}

/// Sizes at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forces {
    /// Time since the beginning.
    pub time: f64,
    /// Size of x.
    pub x: f64,
    /// Size of y.
    pub y: f64,
}

impl Square {
    /// The moment at which y has fallen to `left` from the sizes at time 0, or x to nothing; found by integration in steps of
    /// 0.01 (Runge and Kutta, fourth order) and bisection within the last.
    #[must_use]
    pub fn until(&self, x: f64, y: f64, left: f64) -> Forces {
        let over = |forces: Forces| forces.y <= left || forces.x <= 0.0;
        let mut now = Forces { time: 0.0, x, y };
        if over(now) {
            return now;
        }
        loop {
            let next = self.step(now, STEP);
            if over(next) {
                break;
            }
            now = next;
        }
        let (mut before, mut after) = (0.0, STEP);
        for _ in 0..60 {
            let middle = f64::midpoint(before, after);
            if over(self.step(now, middle)) { after = middle } else { before = middle }
        }
        self.step(now, after)
    }

    /// The forces a little later (Runge and Kutta, fourth order).
    #[must_use]
    pub fn step(&self, from: Forces, length: f64) -> Forces {
        let change = |x: f64, y: f64| (-self.a * y, -self.b * x);
        let Forces { time, x, y } = from;
        let (x1, y1) = change(x, y);
        let (x2, y2) = change(x + 0.5 * length * x1, y + 0.5 * length * y1);
        let (x3, y3) = change(x + 0.5 * length * x2, y + 0.5 * length * y2);
        let (x4, y4) = change(x + length * x3, y + length * y3);
        Forces {
            time: time + length,
            x: x + length / 6.0 * (x1 + 2.0 * x2 + 2.0 * x3 + x4),
            y: y + length / 6.0 * (y1 + 2.0 * y2 + 2.0 * y3 + y4),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_of_squares_stays_as_it_is() {
        let law = Square { a: 0.02, b: 0.05 };
        let end = law.until(80.0, 100.0, 20.0);
        let kept = |x: f64, y: f64| law.b * x * x - law.a * y * y;
        assert!((kept(end.x, end.y) - kept(80.0, 100.0)).abs() < 1e-8 && (end.y - 20.0).abs() < 1e-9);
        assert_eq!(law.until(80.0, 100.0, 100.0).time, 0.0);
    }
}
