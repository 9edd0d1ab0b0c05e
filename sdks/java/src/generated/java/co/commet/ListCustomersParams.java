// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.time.Instant;
import java.util.Map;

/** What {@code customers().list} may be narrowed by. What is not set, or null, is not sent. */
public final class ListCustomersParams extends Params {
  public static final String ORDER_ASC = "asc";
  public static final String ORDER_DESC = "desc";

  private ListCustomersParams(Fields fields) {
    super(fields);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parameters. */
  public static final class Builder {
    private final Fields fields = new Fields();

    private Builder() {}

    /** Rows per page, 1 to 100. The server takes {@code 25} where nothing is given. */
    public Builder limit(long limit) {
      fields.set("limit", limit);
      return this;
    }

    /** nextCursor of the page before. Opaque: pass it as it came. */
    public Builder cursor(String cursor) {
      fields.set("cursor", cursor);
      return this;
    }

    /** Exactly this user ID. */
    public Builder externalId(String externalId) {
      fields.set("externalId", externalId);
      return this;
    }

    /** Exactly this e-mail address, in any case. */
    public Builder email(String email) {
      fields.set("email", email);
      return this;
    }

    /**
     * Part of name, e-mail, user ID or cus_ ID, in any case: anywhere from three characters on, the
     * start of a word below.
     */
    public Builder search(String search) {
      fields.set("search", search);
      return this;
    }

    /** Created later than this instant. */
    public Builder createdAfter(String createdAfter) {
      fields.set("createdAfter", createdAfter);
      return this;
    }

    /** Created later than this instant. */
    public Builder createdAfter(Instant createdAfter) {
      fields.set("createdAfter", text(createdAfter));
      return this;
    }

    /** Created earlier than this instant. */
    public Builder createdBefore(String createdBefore) {
      fields.set("createdBefore", createdBefore);
      return this;
    }

    /** Created earlier than this instant. */
    public Builder createdBefore(Instant createdBefore) {
      fields.set("createdBefore", text(createdBefore));
      return this;
    }

    /**
     * metadata[key]=value, several allowed: all must match. Numbers and booleans match their text.
     */
    public Builder metadata(Map<String, ?> metadata) {
      fields.set("metadata", copy(metadata));
      return this;
    }

    /**
     * By creation: desc is newest first. Known values: {@code asc}, {@code desc}. The server takes
     * {@code desc} where nothing is given.
     */
    public Builder order(String order) {
      fields.set("order", order);
      return this;
    }

    public ListCustomersParams build() {
      return new ListCustomersParams(fields);
    }
  }
}
