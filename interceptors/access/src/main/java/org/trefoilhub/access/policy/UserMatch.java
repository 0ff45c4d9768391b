package org.trefoilhub.access.policy;

/** One way in which a rule names users; several in one condition are alternatives. */
public sealed interface UserMatch {

    /**
     * Tells whether the person behind the subject is meant.
     *
     * @param subject who asks
     * @return false for every client without a user
     */
    boolean matches(Subject subject);

    /**
     * One person.
     *
     * @param user user name
     */
    record Named(String user) implements UserMatch {
        @Override
        public boolean matches(Subject subject) {
            return user.equals(subject.user());
        }
    }

    /**
     * Everybody in a role.
     *
     * @param role role code
     */
    record InRole(String role) implements UserMatch {
        @Override
        public boolean matches(Subject subject) {
            return subject.user() != null && subject.roles().contains(role);
        }
    }

    /**
     * Everybody in a department.
     *
     * @param department department code
     */
    record InDepartment(String department) implements UserMatch {
        @Override
        public boolean matches(Subject subject) {
            return subject.user() != null && subject.departments().contains(department);
        }
    }

    /**
     * Everybody in a role at a department.
     *
     * @param role role code
     * @param department department code
     */
    record InRoleAt(String role, String department) implements UserMatch {
        @Override
        public boolean matches(Subject subject) {
            return subject.user() != null
                    && subject.roles().contains(role)
                    && subject.departments().contains(department);
        }
    }

    /**
     * Everybody in a group or care team.
     *
     * @param group reference such as {@code Group/12} or {@code CareTeam/3}
     */
    record InGroup(String group) implements UserMatch {
        @Override
        public boolean matches(Subject subject) {
            return subject.user() != null && subject.groups().contains(group);
        }
    }
}
