// Owns how parameters become a query string.
// Does not know which parameters exist.
// Always: nulls are left out; map keys reach the server as given.
package co.commet;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;

final class Query {
  private Query() {}

  /** {@code ?name=value&map[key]=value}, or nothing. */
  static String encode(Map<String, ?> query) {
    StringJoiner pairs = new StringJoiner("&", "?", "").setEmptyValue("");
    query.forEach((name, value) -> append(pairs, name, value));
    return pairs.toString();
  }

  private static void append(StringJoiner pairs, String name, Object value) {
    if (value == null) {
      return;
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> append(pairs, name + "[" + key + "]", entry));
    } else {
      pairs.add(formEncode(name) + "=" + formEncode(String.valueOf(value)));
    }
  }

  private static String formEncode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
