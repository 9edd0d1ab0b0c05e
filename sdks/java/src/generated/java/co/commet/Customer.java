// Written by npm run gen from packages/contract. Do not edit.
package co.commet;

import java.util.Map;

/** Someone you bill. */
public final class Customer extends Model {
  private String id;
  private String externalId;
  private String fullName;
  private String email;
  private String taxDocument;
  private String documentType;
  private String timezone;
  private Address address;
  private Map<String, Object> metadata;
  private String createdAt;
  private String updatedAt;
  private String object;
  private boolean livemode;

  private Customer() {}

  /** ID of the customer, starting with cus_. */
  public String getId() {
    return id;
  }

  /** Your own user ID, if one was given. May be null. */
  public String getExternalId() {
    return externalId;
  }

  /** Name of the person or business. May be null. */
  public String getFullName() {
    return fullName;
  }

  /** Where bills go. */
  public String getEmail() {
    return email;
  }

  /** Tax ID as it was sent. May be null. */
  public String getTaxDocument() {
    return taxDocument;
  }

  /** Kind of the tax ID, derived from the country of the address. May be null. */
  public String getDocumentType() {
    return documentType;
  }

  /** IANA time zone, for display. May be null. */
  public String getTimezone() {
    return timezone;
  }

  /** A postal address. Replaced whole, never merged. May be null. */
  public Address getAddress() {
    return address;
  }

  /** Your own keys and values, as they were sent. May be null. */
  public Map<String, Object> getMetadata() {
    return readOnly(metadata);
  }

  /** ISO 8601. */
  public String getCreatedAt() {
    return createdAt;
  }

  /** ISO 8601. */
  public String getUpdatedAt() {
    return updatedAt;
  }

  public String getObject() {
    return object;
  }

  /** false in the sandbox. */
  public boolean isLivemode() {
    return livemode;
  }
}
