// Owns waiting in tests: waits are recorded instead of waited.
package co.commet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

final class RecordedTiming implements Timing {
  final List<Double> waits = new ArrayList<>();
  private final double random;

  RecordedTiming(double random) {
    this.random = random;
  }

  @Override
  public void pause(Duration delay) {
    waits.add(delay.toNanos() / 1e9);
  }

  @Override
  public double random() {
    return random;
  }
}
