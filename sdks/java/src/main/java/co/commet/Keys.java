// Owns the rewriting of snake_case keys in maps a caller hands over in place of parameters.
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

  private Keys() {}

  /** {@code external_id} becomes {@code externalId}, at every depth outside free-form fields. */
  static List<Map<String, Object>> toWire(
      List<? extends Map<String, ?>> items, Set<String> freeForm) {
    if (items == null) {
      throw CommetException.invalidArgument("a list is required");
    }
    return items.stream().map(item -> toWire(item, freeForm)).collect(Collectors.toList());
  }

  private static Map<String, Object> toWire(Map<?, ?> item, Set<String> freeForm) {
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
          converted.put(key, freeForm.contains(key) ? value : valueToWire(value, freeForm));
        });
    return converted;
  }

  private static Object valueToWire(Object value, Set<String> freeForm) {
    if (value instanceof Map<?, ?> map) {
      return toWire(map, freeForm);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(entry -> valueToWire(entry, freeForm)).collect(Collectors.toList());
    }
    return value;
  }

  private static String camel(String key) {
    return UNDERSCORE
        .matcher(key)
        .replaceAll(match -> match.group(1).toUpperCase(java.util.Locale.ROOT));
  }
}
