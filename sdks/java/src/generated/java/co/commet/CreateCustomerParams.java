// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.Map;

/**
 * The customer to create. What is not set is not sent; a null is sent where it clears the field.
 */
public final class CreateCustomerParams extends Params {
  private CreateCustomerParams(Fields fields) {
    super(fields);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parameters. */
  public static final class Builder {
    private final Fields fields = new Fields();

    private Builder() {}

    /** Up to 200 characters. Required. */
    public Builder email(String email) {
      fields.set("email", email);
      return this;
    }

    /** Your own ID of the customer, unique in the environment. */
    public Builder id(String id) {
      fields.setUnlessNull("id", id);
      return this;
    }

    /** The same as id. */
    public Builder externalId(String externalId) {
      fields.setUnlessNull("externalId", externalId);
      return this;
    }

    /** Up to 200 characters. Null clears it. */
    public Builder fullName(String fullName) {
      fields.set("fullName", fullName);
      return this;
    }

    /** Up to 100 characters. Null clears it. */
    public Builder taxDocument(String taxDocument) {
      fields.set("taxDocument", taxDocument);
      return this;
    }

    /** A postal address. Replaced whole, never merged. Null clears it. */
    public Builder address(Address address) {
      fields.set("address", address);
      return this;
    }

    /** IANA time zone, for display; billing runs in UTC. */
    public Builder timezone(String timezone) {
      fields.setUnlessNull("timezone", timezone);
      return this;
    }

    /**
     * Your own keys and values: at most 16 KB as JSON and 200 keys of up to 200 characters, nested
     * ones included. Kept as sent; never changes billing. Null clears it.
     */
    public Builder metadata(Map<String, ?> metadata) {
      fields.set("metadata", copy(metadata));
      return this;
    }

    public CreateCustomerParams build() {
      return new CreateCustomerParams(fields);
    }
  }
}
