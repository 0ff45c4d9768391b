package org.trefoilhub.dicom.net.pdu;

import java.util.List;

/**
 * One sub-item of the User Information item.
 *
 * <p>Thread-safety: immutable as long as nobody writes into the byte arrays, which are not copied.
 *
 * <p>Spec: DICOM PS3.7 annex D.3.3, PS3.8 annex D.1.
 */
public sealed interface UserItem {

    /** The item-type byte. */
    int type();

    /** 51H: largest P-DATA-TF variable field, bytes; 0 = no limit (PS3.8 annex D.1). */
    record MaximumLength(long bytes) implements UserItem {
        @Override
        public int type() {
            return 0x51;
        }
    }

    /** 52H (PS3.7 section D.3.3.2.1). */
    record ImplementationClassUid(String uid) implements UserItem {
        @Override
        public int type() {
            return 0x52;
        }
    }

    /** 53H: operations that may be outstanding; 0 = unlimited, 1/1 = synchronous (PS3.7 section D.3.3.3). */
    record AsynchronousOperationsWindow(int invoked, int performed) implements UserItem {
        @Override
        public int type() {
            return 0x53;
        }
    }

    /** 54H: which roles the association requestor takes for a SOP class (PS3.7 section D.3.3.4). */
    record RoleSelection(String sopClassUid, boolean scu, boolean scp) implements UserItem {
        @Override
        public int type() {
            return 0x54;
        }
    }

    /** 55H: 1 to 16 characters (PS3.7 section D.3.3.2.3). */
    record ImplementationVersionName(String name) implements UserItem {
        @Override
        public int type() {
            return 0x55;
        }
    }

    /** 56H: what the information means is up to the service class (PS3.7 section D.3.3.5). */
    record ExtendedNegotiation(String sopClassUid, byte[] information) implements UserItem {
        @Override
        public int type() {
            return 0x56;
        }
    }

    /** 57H (PS3.7 section D.3.3.6). */
    record CommonExtendedNegotiation(String sopClassUid, String serviceClassUid, List<String> relatedSopClassUids)
            implements UserItem {
        public CommonExtendedNegotiation {
            relatedSopClassUids = List.copyOf(relatedSopClassUids);
        }

        @Override
        public int type() {
            return 0x57;
        }
    }

    /**
     * 58H: 1 user name, 2 user name and passcode, 3 Kerberos ticket, 4 SAML assertion, 5 JSON web token
     * (PS3.7 section D.3.3.7.1). Its {@code toString} shows neither field.
     */
    record UserIdentity(int identityType, boolean positiveResponseRequested, byte[] primaryField, byte[] secondaryField)
            implements UserItem {
        @Override
        public int type() {
            return 0x58;
        }

        @Override
        public String toString() {
            return "UserIdentity[type " + identityType + ", fields not shown]";
        }
    }

    /** 59H (PS3.7 section D.3.3.7.2). */
    record UserIdentityResponse(byte[] serverResponse) implements UserItem {
        @Override
        public int type() {
            return 0x59;
        }

        @Override
        public String toString() {
            return "UserIdentityResponse[not shown]";
        }
    }

    /** An item of a type this library does not know, kept as it came. */
    record Unknown(int type, byte[] content) implements UserItem {
        @Override
        public String toString() {
            return "Unknown[type " + type + ", " + content.length + " bytes]";
        }
    }
}
