/**
 * The demo hospital: reads {@code hospital.json} and the open test images beside it, invents exams around today, and loads everything through the
 * hub's own public doors (FHIR transactions and STOW-RS) as the client {@code hub-demo-loader}.
 *
 * <p>Start with {@link org.trefoilhub.hub.demo.DemoHospitalLoader} (what happens in which order) and
 * {@link org.trefoilhub.hub.demo.DemoExams} (which exams are invented). Nothing here touches a database, a DAO or the archive; the package exists in
 * profile {@code demo} only and is told nothing that any other client of the hub could not be told.
 *
 * <p>Everything is drawn from a fixed seed and the day of the first load, so two loads on one day give the same hospital.
 */
@org.jspecify.annotations.NullMarked
package org.trefoilhub.hub.demo;
