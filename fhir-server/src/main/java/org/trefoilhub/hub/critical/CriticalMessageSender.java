package org.trefoilhub.hub.critical;

/**
 * Port to the system that shows critical values at its own stations: sends a message and says whether it was taken.
 * Implementations are thread-safe and come from the connectors; without one the messages wait.
 */
public interface CriticalMessageSender {

    /**
     * What became of a message.
     *
     * @param taken whether the other side acknowledged it (HL7 v2: MSA-1 AA or CA)
     * @param reason a code or a few words without patient data, empty when it was taken
     */
    record Answer(boolean taken, String reason) {}

    /**
     * Sends a message, once. Failures of any kind are an answer, not an exception.
     *
     * @param message what to tell; the receiver may see the same {@code id} again
     * @return what became of it
     */
    Answer send(CriticalOutbox.Message message);
}
