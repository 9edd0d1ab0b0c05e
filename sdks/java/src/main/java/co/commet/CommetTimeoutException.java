// Owns the exception for an answer that took too long.
// Does not measure time (Transport does).
// Always: its code is TIMEOUT.
package co.commet;

/** No complete answer arrived within the timeout. Code {@code TIMEOUT}. */
public class CommetTimeoutException extends CommetConnectionException {
  private static final long serialVersionUID = 1L;

  CommetTimeoutException(String message, Throwable cause) {
    super(message, "TIMEOUT", cause);
  }
}
