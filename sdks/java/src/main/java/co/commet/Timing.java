// Owns where waiting and chance come from.
// Does not decide how long to wait (Retry does).
// Always: tests pass their own, so that they never sleep.
package co.commet;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

interface Timing {
  void pause(Duration delay) throws InterruptedException;

  /** In [0, 1). */
  double random();

  Timing REAL =
      new Timing() {
        @Override
        public void pause(Duration delay) throws InterruptedException {
          Thread.sleep(delay.toMillis());
        }

        @Override
        public double random() {
          return ThreadLocalRandom.current().nextDouble();
        }
      };
}
