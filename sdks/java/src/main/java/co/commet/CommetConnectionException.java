// Owns the exception for an answer that never came, or not whole.
// Does not tell why beyond its cause and message.
// Always: the request may or may not have been done; the same idempotency key makes asking again
// safe.
package co.commet;

/** No complete answer arrived: refused, reset, unresolvable. The cause is what the client threw. */
public class CommetConnectionException extends CommetException {
  private static final long serialVersionUID = 1L;

  CommetConnectionException(String message, Throwable cause) {
    this(message, "CONNECTION_ERROR", cause);
  }

  CommetConnectionException(String message, String code, Throwable cause) {
    super(message, code, cause);
  }
}
