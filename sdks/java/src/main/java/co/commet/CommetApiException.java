// Owns the exception for an answer that was no.
// Does not tell which answers those are (Answer does).
// Always: holds everything the server said about it.
package co.commet;

import java.time.Duration;

/**
 * The server answered, and the answer was no, or was not an answer of the API at all ({@code
 * INVALID_JSON}, {@code EMPTY_RESPONSE}, {@code UNEXPECTED_REDIRECT}, {@code UNEXPECTED_RESPONSE}).
 */
public class CommetApiException extends CommetException {
  private static final long serialVersionUID = 1L;

  private final int statusCode;
  private final String type;
  private final String param;
  private final transient Object details;
  private final String docUrl;
  private final String requestId;
  private final Duration retryAfter;

  CommetApiException(Fields fields) {
    super(fields.message, fields.code, fields.cause);
    this.statusCode = fields.statusCode;
    this.type = fields.type;
    this.param = fields.param;
    this.details = fields.details;
    this.docUrl = fields.docUrl;
    this.requestId = fields.requestId;
    this.retryAfter = fields.retryAfter;
  }

  /** HTTP status of the answer. */
  public int getStatusCode() {
    return statusCode;
  }

  /** Family of the code: {@code validation_error}, {@code not_found_error}, … */
  public String getType() {
    return type;
  }

  /** The one field at fault, or null. */
  public String getParam() {
    return param;
  }

  /**
   * What the server added to the code, as maps, lists and scalars, or null. Its shape depends on
   * the code. Not serialized.
   */
  public Object getDetails() {
    return details;
  }

  /** Page that explains the code, or null. */
  public String getDocUrl() {
    return docUrl;
  }

  /** The {@code x-request-id} of the answer, or null: the line to look for in the server's log. */
  public String getRequestId() {
    return requestId;
  }

  /** How long the server asked to wait, where it sent a numeric {@code Retry-After}; else null. */
  public Duration getRetryAfter() {
    return retryAfter;
  }

  /** What is known of an answer that was not a success. */
  static final class Fields {
    String message;
    String code;
    String type = "api_error";
    int statusCode;
    String param;
    Object details;
    String docUrl;
    String requestId;
    Duration retryAfter;
    Throwable cause;
  }
}
