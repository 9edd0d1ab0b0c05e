// Owns how the parameters of a call are kept: by wire name, only those that were set.
// Does not know which parameters exist (generated subclasses do).
// Always: a null that was set is sent where the API knows one; what was not set is not sent.
package co.commet;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Parameters of one call, immutable. */
public abstract class Params {
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private final Map<String, Object> fields;

  Params(Fields fields) {
    this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields.values));
  }

  /** Wire name → value, in the order they were set. */
  @JsonValue
  Map<String, Object> fields() {
    return fields;
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && ((Params) other).fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + fields;
  }

  /** Later changes of the caller's own list must not reach the request. */
  static <T> List<T> copy(List<T> list) {
    return list == null ? null : new ArrayList<>(list);
  }

  /** Later changes of the caller's own map must not reach the request. */
  static <V> Map<String, V> copy(Map<String, V> map) {
    return map == null ? null : new LinkedHashMap<>(map);
  }

  /** ISO 8601 in UTC with milliseconds. */
  static String text(Instant instant) {
    return instant == null ? null : MILLISECONDS.format(instant);
  }

  /** What a builder has collected so far. */
  static final class Fields {
    private final Map<String, Object> values = new LinkedHashMap<>();

    void set(String name, Object value) {
      values.put(name, value);
    }

    /** Of a field that is never null: a null is the same as not having set it. */
    void setUnlessNull(String name, Object value) {
      if (value == null) {
        values.remove(name);
      } else {
        values.put(name, value);
      }
    }
  }
}
