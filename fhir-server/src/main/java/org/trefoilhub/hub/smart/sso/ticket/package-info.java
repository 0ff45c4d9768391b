/**
 * Login with a service ticket of the hospital's CAS server: a workstation or portal opens {@code /login/ticket} with a
 * ticket, or the login page sends the browser for one; the hub asks the server whose it is.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.sso.ticket.TicketServer} (the question and how its answer is read) and
 * {@link org.trefoilhub.hub.smart.sso.ticket.TicketController}.
 *
 * <p>It takes no proxy tickets, and never a page to go on to from the address: whoever comes with a ticket goes on to what
 * he asked for before, or to the console. Standard: CAS Protocol 3.0 sections 2.1, 2.3.3, 2.5, 2.8.
 */
@NullMarked
package org.trefoilhub.hub.smart.sso.ticket;

import org.jspecify.annotations.NullMarked;
