package org.trefoilhub.hub.patientindex;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the patient index, prefix {@code trefoil.patient-index}.
 *
 * @param automatic whether written Patients are compared and linked; off, only humans link
 * @param pollInterval how often written Patients are looked for
 */
@ConfigurationProperties("trefoil.patient-index")
record PatientIndexProperties(@DefaultValue("true") boolean automatic, @DefaultValue("500ms") Duration pollInterval) {}
