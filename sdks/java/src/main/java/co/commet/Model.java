// Owns what every object answered by the server has in common.
// Does not know any resource.
// Always: a field this version does not know is kept, never refused.
package co.commet;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object of the API, as the server sent it. */
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE,
    setterVisibility = Visibility.NONE)
@JsonInclude(JsonInclude.Include.NON_NULL)
public abstract class Model {
  private final transient Map<String, Object> unknownFields = new LinkedHashMap<>();

  Model() {}

  /** Fields a newer (or, with an older API version, another) server sent, by their wire name. */
  @JsonAnyGetter
  public Map<String, Object> getUnknownFields() {
    return Collections.unmodifiableMap(unknownFields);
  }

  @JsonAnySetter
  private void keepUnknown(String name, Object value) {
    unknownFields.put(name, value);
  }

  static <T> List<T> readOnly(List<T> list) {
    return list == null ? null : Collections.unmodifiableList(list);
  }

  static <V> Map<String, V> readOnly(Map<String, V> map) {
    return map == null ? null : Collections.unmodifiableMap(map);
  }

  @Override
  public boolean equals(Object other) {
    return other != null
        && other.getClass() == getClass()
        && Json.tree(other).equals(Json.tree(this));
  }

  @Override
  public int hashCode() {
    return Json.tree(this).hashCode();
  }

  /** The class and the fields as JSON. */
  @Override
  public String toString() {
    return getClass().getSimpleName() + Json.tree(this);
  }
}
