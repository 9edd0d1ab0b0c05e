// Owns the check that a webhook delivery really comes from the Commet server.
// Does not remember deliveries: de-duplicate on the event's id.
// Always: a delivery that does not verify is false or null, never an exception.
package co.commet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies webhook deliveries. Needs no API key, so it can be used without a client. */
public class WebhookVerifier {
  private static final Pattern SIGNATURE = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,15}");
  private static final String SECRET_PREFIX = "whsec_";
  private static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);

  public WebhookVerifier() {}

  /**
   * Whether the signature is the hex HMAC-SHA256 of the raw body under the endpoint's secret.
   * Compares in constant time.
   *
   * @param payload the body exactly as received, before any JSON parsing
   * @param signature the {@code X-Commet-Signature} header; may be null
   * @param secret {@code whsec_…}, prefix included
   */
  public boolean verify(byte[] payload, String signature, String secret) {
    if (payload == null || payload.length == 0 || secret == null || secret.isEmpty()) {
      return false;
    }
    if (signature == null || !SIGNATURE.matcher(signature).matches()) {
      return false;
    }
    byte[] expected = hmacSha256(utf8(secret), payload);
    return MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature));
  }

  /** The same for a body read as UTF-8 text. */
  public boolean verify(String payload, String signature, String secret) {
    return payload != null && verify(utf8(payload), signature, secret);
  }

  /**
   * The event of a delivery that verifies: {@code id}, {@code event}, {@code timestamp}, {@code
   * data}, … Null when it does not verify, or when its body is not a JSON object.
   */
  public Map<String, Object> verifyAndParse(byte[] rawBody, String signature, String secret) {
    return verify(rawBody, signature, secret) ? parse(rawBody) : null;
  }

  /** The same for a body read as UTF-8 text. */
  public Map<String, Object> verifyAndParse(String rawBody, String signature, String secret) {
    return rawBody == null ? null : verifyAndParse(utf8(rawBody), signature, secret);
  }

  /**
   * Whether the delivery carries a good Standard Webhooks signature, made in the last five minutes.
   *
   * @param payload the body exactly as received
   * @param headers names in any case → a text, or the first of a list of texts; {@code webhook-id},
   *     {@code webhook-timestamp} and {@code webhook-signature} are read
   * @param secret {@code whsec_…}
   */
  public boolean verifyStandard(byte[] payload, Map<String, ?> headers, String secret) {
    return verifyStandard(payload, headers, secret, DEFAULT_TOLERANCE, Instant.now());
  }

  /** The same, with how far the timestamp may lie before or after {@code now}. */
  public boolean verifyStandard(
      byte[] payload, Map<String, ?> headers, String secret, Duration tolerance, Instant now) {
    String id = header(headers, "webhook-id");
    String timestamp = header(headers, "webhook-timestamp");
    byte[] key = standardKey(secret);
    if (payload == null || payload.length == 0 || id.isEmpty() || key.length == 0) {
      return false;
    }
    if (!SECONDS.matcher(timestamp).matches()) {
      return false;
    }
    long age = Math.abs(now.getEpochSecond() - Long.parseLong(timestamp));
    byte[] expected = hmacSha256(key, joined(utf8(id + "." + timestamp + "."), payload));
    return age <= tolerance.toSeconds()
        && anyMatches(header(headers, "webhook-signature"), expected);
  }

  /** The event of a delivery that {@link #verifyStandard} accepts; else null. */
  public Map<String, Object> verifyAndParseStandard(
      byte[] rawBody, Map<String, ?> headers, String secret) {
    return verifyAndParseStandard(rawBody, headers, secret, DEFAULT_TOLERANCE, Instant.now());
  }

  /** The same, with how far the timestamp may lie before or after {@code now}. */
  public Map<String, Object> verifyAndParseStandard(
      byte[] rawBody, Map<String, ?> headers, String secret, Duration tolerance, Instant now) {
    return verifyStandard(rawBody, headers, secret, tolerance, now) ? parse(rawBody) : null;
  }

  private static Map<String, Object> parse(byte[] rawBody) {
    try {
      JsonNode event = Json.parse(new String(rawBody, StandardCharsets.UTF_8));
      return event.isObject() ? Json.convert(event, Json.mapOfAnything()) : null;
    } catch (JsonProcessingException notJson) {
      return null;
    }
  }

  /** Empty where it is missing. */
  private static String header(Map<String, ?> headers, String name) {
    if (headers == null) {
      return "";
    }
    for (Map.Entry<String, ?> entry : headers.entrySet()) {
      if (name.equalsIgnoreCase(entry.getKey())) {
        Object value = entry.getValue();
        Object first = value instanceof List<?> list && !list.isEmpty() ? list.get(0) : value;
        return first instanceof String text ? text : "";
      }
    }
    return "";
  }

  /** The bytes a secret stands for; none where it is not base64. */
  private static byte[] standardKey(String secret) {
    if (secret == null) {
      return new byte[0];
    }
    boolean prefixed = secret.startsWith(SECRET_PREFIX);
    return base64(prefixed ? secret.substring(SECRET_PREFIX.length()) : secret);
  }

  /** Several signatures stand side by side while a secret is being rotated. */
  private static boolean anyMatches(String signatures, byte[] expected) {
    boolean matches = false;
    for (String signature : signatures.split(" ")) {
      if (signature.startsWith("v1,")) {
        matches |= MessageDigest.isEqual(expected, base64(signature.substring(3)));
      }
    }
    return matches;
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }

  private static byte[] joined(byte[] head, byte[] tail) {
    byte[] all = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, all, head.length, tail.length);
    return all;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hmacSha256(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException cause) {
      throw new IllegalStateException("every Java platform has HmacSHA256", cause);
    }
  }
}
