// Owns what every exception of this package has in common.
// Does not read HTTP answers (Answer does) and does not decide about retries (Retry does).
// Always: no exception carries the API key.
package co.commet;

/**
 * What every exception of this package extends. Thrown as itself for a wrong argument ({@code
 * INVALID_ARGUMENT}), before anything is sent.
 */
public class CommetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  CommetException(String message, String code, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** A mistake found before anything was sent. */
  static CommetException invalidArgument(String message) {
    return invalidArgument(message, null);
  }

  static CommetException invalidArgument(String message, Throwable cause) {
    return new CommetException("Commet SDK: " + message, "INVALID_ARGUMENT", cause);
  }

  /**
   * Machine-readable reason, such as {@code customer_not_found} or {@code TIMEOUT}. Branch on this,
   * not on the message.
   */
  public String getCode() {
    return code;
  }
}
