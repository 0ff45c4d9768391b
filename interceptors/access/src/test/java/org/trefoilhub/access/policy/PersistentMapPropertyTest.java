package org.trefoilhub.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** The map against {@link HashMap}, and how much of a map its changed copies are made of. */
class PersistentMapPropertyTest {

    private static final int LARGE = 100_000;

    /** A key whose hash is the test's. */
    private record Key(int name, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Few keys, and hashes that are equal, differ in the last bits or in the first ones only. */
    private static Key key(Random random) {
        int name = random.nextInt(60);
        int[] hashes = {0, 1, 32, 1 << 30, -1, name, name << 26, name % 3};
        return new Key(name, hashes[name % hashes.length]);
    }

    @Property(tries = 300, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void shouldHoldWhatAHashMapHolds(@ForAll long seed) {
        Random random = new Random(seed);
        Map<Key, Integer> model = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        List<Map<Key, Integer>> models = new ArrayList<>();
        List<PersistentMap<Key, Integer>> versions = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            if (step % 20 == 0) {
                models.add(new HashMap<>(model));
                versions.add(map);
            }
            Key key = key(random);
            if (random.nextInt(3) > 0) {
                model.put(key, step);
                map = map.with(key, step);
            } else {
                model.remove(key);
                map = map.without(key);
            }
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.get(key)).isEqualTo(model.get(key));
        }
        models.add(model);
        versions.add(map);
        for (int i = 0; i < models.size(); i++) {
            same(versions.get(i), models.get(i), random);
        }
        for (Key key : Set.copyOf(model.keySet())) {
            map = map.without(key);
            model.remove(key);
        }
        same(map, model, random);
        assertThat(map).isSameAs(PersistentMap.empty());
    }

    private static void same(PersistentMap<Key, Integer> map, Map<Key, Integer> model, Random random) {
        assertThat(map.size()).isEqualTo(model.size());
        assertThat(map.values()).containsExactlyInAnyOrderElementsOf(model.values());
        model.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
        for (int i = 0; i < 20; i++) {
            Key key = key(random);
            assertThat(map.get(key)).isEqualTo(model.get(key));
        }
    }

    @Test
    void shouldStopReadingWhenTheReaderHasEnough() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 100; i++) {
            map = map.with(i, i);
        }
        Set<Integer> read = new HashSet<>();
        assertThat(map.readAll(value -> read.add(value) && read.size() < 7)).isFalse();
        assertThat(read).hasSize(7);
        assertThat(map.readAll(value -> true)).isTrue();
    }

    @Test
    void shouldMakeAChangedCopyOfAFewNewNodes() {
        PersistentMap<String, Integer> map = PersistentMap.empty();
        for (int i = 0; i < LARGE; i++) {
            map = map.with("Consent/" + i, i);
        }
        Set<Object> before = nodes(map, Set.of());
        assertThat(before).hasSizeGreaterThan(LARGE);
        int most = 0;
        for (int i = 0; i < 200; i++) {
            String there = "Consent/" + i * 499;
            for (PersistentMap<String, Integer> changed :
                    List.of(map.with(there, -1), map.with("added " + i, i), map.without(there))) {
                most = Math.max(most, nodes(changed, before).size());
            }
        }
        // A node for every five bits of seventeen, a leaf, and two more where hashes meet.
        assertThat(most).isBetween(2, 8);
    }

    /** The nodes that a map is made of, by identity, but for those that are known with all below them. */
    private static Set<Object> nodes(PersistentMap<?, ?> map, Set<Object> known) {
        Set<Object> found = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Object> queue = new ArrayDeque<>();
        field(map, "root", queue);
        while (!queue.isEmpty()) {
            Object node = queue.poll();
            if (!known.contains(node) && found.add(node)) {
                for (Field each : node.getClass().getDeclaredFields()) {
                    if (!Modifier.isStatic(each.getModifiers())
                            && (each.getName().equals("children")
                                    || each.getName().equals("next"))) {
                        field(node, each.getName(), queue);
                    }
                }
            }
        }
        return found;
    }

    private static void field(Object owner, String name, ArrayDeque<Object> queue) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            Object value = field.get(owner);
            if (value != null && value.getClass().isArray()) {
                for (int i = 0; i < Array.getLength(value); i++) {
                    queue.add(Array.get(value, i));
                }
            } else if (value != null) {
                queue.add(value);
            }
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
