// Owns what maps a caller hands over in place of parameters become: keys and nulls of the wire.
// Does not touch what is inside a free-form field, such as metadata.
// Always: two spellings of one field are refused, for one of them would be lost.
package co.commet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

final class Keys {
  private static final Pattern UNDERSCORE = Pattern.compile("(?<=.)_([a-z0-9])");

  private final Set<String> freeForm;
  private final Set<String> absentIfNull;

  private Keys(Set<String> freeForm, Set<String> absentIfNull) {
    this.freeForm = freeForm;
    this.absentIfNull = absentIfNull;
  }

  /**
   * {@code external_id} becomes {@code externalId}, and fields of the second set are left out where
   * they are null, at every depth outside free-form fields.
   */
  static List<Map<String, Object>> toWire(
      List<? extends Map<String, ?>> items, Set<String> freeForm, Set<String> absentIfNull) {
    if (items == null) {
      throw CommetException.invalidArgument("a list is required");
    }
    Keys keys = new Keys(freeForm, absentIfNull);
    return items.stream().map(keys::toWire).collect(Collectors.toList());
  }

  private Map<String, Object> toWire(Map<?, ?> item) {
    if (item == null) {
      throw CommetException.invalidArgument("an item of the list is a map, not null");
    }
    Map<String, Object> converted = new LinkedHashMap<>();
    item.forEach(
        (given, value) -> {
          String key = camel(String.valueOf(given));
          if (converted.containsKey(key)) {
            throw CommetException.invalidArgument("an item names " + key + " twice");
          }
          converted.put(key, freeForm.contains(key) ? value : valueToWire(value));
        });
    converted
        .entrySet()
        .removeIf(entry -> entry.getValue() == null && absentIfNull.contains(entry.getKey()));
    return converted;
  }

  private Object valueToWire(Object value) {
    if (value instanceof Map<?, ?> map) {
      return toWire(map);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(this::valueToWire).collect(Collectors.toList());
    }
    return value;
  }

  private static String camel(String key) {
    return UNDERSCORE
        .matcher(key)
        .replaceAll(match -> match.group(1).toUpperCase(java.util.Locale.ROOT));
  }
}
