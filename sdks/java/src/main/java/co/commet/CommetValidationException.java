// Owns the exception for a request with bad fields.
// Does not check anything here: the server names the fields.
// Always: every bad field is listed, in the server's order.
package co.commet;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The request had bad fields. */
public class CommetValidationException extends CommetApiException {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, List<String>> validationErrors;

  CommetValidationException(Fields fields, Map<String, List<String>> validationErrors) {
    super(fields);
    this.validationErrors = Collections.unmodifiableMap(validationErrors);
  }

  /** Dotted field path ({@code address.country}) → what was wrong with it. Not serialized. */
  public Map<String, List<String>> getValidationErrors() {
    return validationErrors == null ? Map.of() : validationErrors;
  }
}
