// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

/** A postal address. Replaced whole, never merged. */
public final class Address extends Model {
  private String line1;
  private String line2;
  private String city;
  private String state;
  private String postalCode;
  private String country;
  private String region;

  private Address() {}

  private Address(Builder builder) {
    this.line1 = builder.line1;
    this.line2 = builder.line2;
    this.city = builder.city;
    this.state = builder.state;
    this.postalCode = builder.postalCode;
    this.country = builder.country;
    this.region = builder.region;
  }

  public String getLine1() {
    return line1;
  }

  /** May be null. */
  public String getLine2() {
    return line2;
  }

  public String getCity() {
    return city;
  }

  /** May be null. */
  public String getState() {
    return state;
  }

  public String getPostalCode() {
    return postalCode;
  }

  /** Two-letter country code of ISO 3166-1. */
  public String getCountry() {
    return country;
  }

  /** May be null. */
  public String getRegion() {
    return region;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects the fields of an {@link Address}. */
  public static final class Builder {
    private String line1;
    private String line2;
    private String city;
    private String state;
    private String postalCode;
    private String country;
    private String region;

    private Builder() {}

    /** Up to 200 characters. Required. */
    public Builder line1(String line1) {
      this.line1 = line1;
      return this;
    }

    /** Up to 200 characters. */
    public Builder line2(String line2) {
      this.line2 = line2;
      return this;
    }

    /** Up to 200 characters. Required. */
    public Builder city(String city) {
      this.city = city;
      return this;
    }

    /** Up to 200 characters. */
    public Builder state(String state) {
      this.state = state;
      return this;
    }

    /** Up to 50 characters. Required. */
    public Builder postalCode(String postalCode) {
      this.postalCode = postalCode;
      return this;
    }

    /** Two-letter country code of ISO 3166-1. Required. */
    public Builder country(String country) {
      this.country = country;
      return this;
    }

    /** Up to 200 characters. */
    public Builder region(String region) {
      this.region = region;
      return this;
    }

    public Address build() {
      return new Address(this);
    }
  }
}
