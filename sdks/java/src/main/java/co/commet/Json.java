// Owns the one JSON mapper of the package.
// Does not know envelopes (Answer does).
// Always: keys are written and read as they are, inside metadata and everywhere else.
package co.commet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException cause) {
      throw CommetException.invalidArgument("the parameters cannot be written as JSON", cause);
    }
  }

  static JsonNode parse(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  static JavaType type(Type type) {
    return MAPPER.constructType(type);
  }

  static JavaType listOf(Type row) {
    return MAPPER.getTypeFactory().constructCollectionType(List.class, type(row));
  }

  static JavaType mapOfAnything() {
    return MAPPER.getTypeFactory().constructMapType(Map.class, String.class, Object.class);
  }

  static <T> T convert(JsonNode node, JavaType type) throws JsonProcessingException {
    return node == null || node.isNull() ? null : MAPPER.treeToValue(node, type);
  }

  /** Maps, lists and scalars. */
  static Object plain(JsonNode node) {
    return node == null ? null : MAPPER.convertValue(node, Object.class);
  }
}
