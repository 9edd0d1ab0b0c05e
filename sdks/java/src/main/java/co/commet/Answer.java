// Owns what an HTTP answer means: data, a page, or an exception, in every envelope the API has had.
// Does not send and does not retry.
// Always: the exception class is told by code and details, never by the status alone.
package co.commet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** An answer as it came off the wire, read to its end. Null where the header is absent. */
record Answer(int status, String text, String requestId, String retryAfter, String location) {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,15}(\\.[0-9]*)?");

  /** The parsed body of a success; a CommetApiException, thrown, for everything else. */
  JsonNode success() {
    if (status >= 300 && status <= 399) {
      throw redirected();
    }
    JsonNode body = parsed();
    if (status < 200 || status > 299 || isRefusal(body)) {
      throw refusal(body);
    }
    return body;
  }

  /** Takes the resource out of {@code {success, data}}; later versions send it bare. */
  <T> ApiResponse<T> resource(JavaType type) {
    JsonNode body = success();
    boolean wrapped = body.path("success").asBoolean(false) && body.has("data");
    T data = converted(wrapped ? body.get("data") : body, type);
    return new ApiResponse<>(data, status, requestId, false, null);
  }

  /**
   * One page out of {@code {success, data, hasMore}} or {@code {object: "list", data, hasMore}}.
   */
  <T> ApiResponse<List<T>> page(JavaType listType) {
    JsonNode body = success();
    if (!body.path("data").isArray()) {
      throw unreadable("UNEXPECTED_RESPONSE", "The answer is not a list", null);
    }
    List<T> rows = Model.readOnly(this.<List<T>>converted(body.get("data"), listType));
    boolean hasMore = body.path("hasMore").isBoolean() && body.get("hasMore").booleanValue();
    return new ApiResponse<>(rows, status, requestId, hasMore, text(body, "nextCursor"));
  }

  /** The page names itself as the one after it; walking on would never end. */
  static CommetApiException repeatedPage(int status, String requestId) {
    return new Answer(status, "", requestId, null, null)
        .unreadable(
            "UNEXPECTED_RESPONSE",
            "The server answered a page whose next page is itself; the walk was stopped",
            null);
  }

  private <T> T converted(JsonNode data, JavaType type) {
    try {
      return Json.convert(data, type);
    } catch (JsonProcessingException cause) {
      String problem =
          "The answer is not what this operation answers: " + cause.getOriginalMessage();
      throw unreadable("UNEXPECTED_RESPONSE", problem, cause);
    }
  }

  private JsonNode parsed() {
    if (text.isBlank()) {
      throw unreadable(
          "EMPTY_RESPONSE", "The server answered " + status + " with an empty body", null);
    }
    try {
      return Json.parse(text);
    } catch (JsonProcessingException cause) {
      throw unreadable(
          "INVALID_JSON", "The server answered " + status + " with a body that is not JSON", cause);
    }
  }

  /** Following would hand the API key to another address. */
  private CommetApiException redirected() {
    String target = location == null ? "" : " to " + location;
    return unreadable(
        "UNEXPECTED_REDIRECT",
        "The server redirects" + target + "; set baseUrl to the final address",
        null);
  }

  private CommetApiException unreadable(String code, String message, Throwable cause) {
    CommetApiException.Fields fields = fields();
    fields.code = code;
    fields.message = message;
    fields.cause = cause;
    return new CommetApiException(fields);
  }

  private static boolean isRefusal(JsonNode body) {
    JsonNode success = body.path("success");
    return success.isBoolean() && !success.booleanValue() && body.path("error").isObject();
  }

  private CommetApiException refusal(JsonNode body) {
    JsonNode reported = reportedError(body);
    CommetApiException.Fields fields = fields();
    fields.code = textOr(reported, "code", "unknown");
    fields.type = textOr(reported, "type", "api_error");
    fields.message = textOr(reported, "message", "Request failed with status " + status);
    fields.param = text(reported, "param");
    fields.docUrl = text(reported, "doc_url");
    fields.details = Json.plain(reported.get("details"));
    return fields.code.equals("validation_error") && reported.path("details").isArray()
        ? new CommetValidationException(fields, foldByField(reported.get("details")))
        : new CommetApiException(fields);
  }

  /** Nested since 2026-05-25; flat before; {@code {message, errors: {field: []}}} at first. */
  private static JsonNode reportedError(JsonNode body) {
    if (body.path("error").isObject()) {
      return body.get("error");
    }
    if (!body.isObject()) {
      return JsonNodeFactory.instance.objectNode();
    }
    ObjectNode flat = body.deepCopy();
    if (body.path("errors").isObject() && !body.has("code")) {
      flat.put("code", "validation_error").put("type", "validation_error");
      flat.set("details", entriesOf(body.get("errors")));
    } else if (!body.hasNonNull("message")) {
      flat.set("message", body.get("error"));
    }
    return flat;
  }

  private static JsonNode entriesOf(JsonNode errors) {
    var entries = JsonNodeFactory.instance.arrayNode();
    errors
        .fields()
        .forEachRemaining(
            entry -> {
              JsonNode messages = entry.getValue();
              for (JsonNode message : messages.isArray() ? messages : List.of(messages)) {
                entries.addObject().put("field", entry.getKey()).put("message", message.asText());
              }
            });
    return entries;
  }

  private static Map<String, List<String>> foldByField(JsonNode details) {
    Map<String, List<String>> byField = new LinkedHashMap<>();
    for (JsonNode detail : details) {
      if (detail.isObject()) {
        byField
            .computeIfAbsent(textOr(detail, "field", ""), field -> new ArrayList<>())
            .add(textOr(detail, "message", "is invalid"));
      }
    }
    return byField;
  }

  private CommetApiException.Fields fields() {
    CommetApiException.Fields fields = new CommetApiException.Fields();
    fields.statusCode = status;
    fields.requestId = requestId;
    fields.retryAfter = askedWait();
    return fields;
  }

  /** A date in place of seconds is not waited for: the two clocks may differ. */
  private Duration askedWait() {
    if (retryAfter == null || !SECONDS.matcher(retryAfter.strip()).matches()) {
      return null;
    }
    BigDecimal seconds = new BigDecimal(retryAfter.strip());
    long nanos = seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue();
    Duration asked = Duration.ofSeconds(seconds.longValue(), nanos);
    return asked.isZero() ? null : asked;
  }

  private static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isTextual() && !value.textValue().isEmpty() ? value.textValue() : null;
  }

  private static String textOr(JsonNode object, String field, String fallback) {
    String value = text(object, field);
    return value == null ? fallback : value;
  }
}
