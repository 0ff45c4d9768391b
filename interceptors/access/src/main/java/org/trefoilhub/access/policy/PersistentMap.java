package org.trefoilhub.access.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable hash map whose changed copies share what did not change: a trie of 32 ways over the bits of the hash.
 *
 * <p>{@link #get}, {@link #with} and {@link #without} take one step for every five bits in which the hashes of the keys
 * need to differ, which is the logarithm of their number.
 *
 * @param <K> keys with a good hash
 * @param <V> values
 */
final class PersistentMap<K, V> {

    private static final int BITS = 5;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(new Branch<>(0, Branch.nodes(0)), 0);

    private final Node<K, V> root;
    private final int size;

    private PersistentMap(Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // nothing is in it
    static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    int size() {
        return size;
    }

    @Nullable
    V get(K key) {
        return root.get(key, spread(key), 0);
    }

    PersistentMap<K, V> with(K key, V value) {
        int grown = get(key) == null ? size + 1 : size;
        return new PersistentMap<>(root.with(key, value, spread(key), 0), grown);
    }

    PersistentMap<K, V> without(K key) {
        if (get(key) == null) {
            return this;
        }
        Node<K, V> rest = root.without(key, spread(key), 0);
        return rest == null ? empty() : new PersistentMap<>(rest, size - 1);
    }

    /** Reads the values in no particular order while the reader wants more; tells whether it read them all. */
    boolean readAll(Predicate<? super V> reader) {
        return root.readAll(reader);
    }

    List<V> values() {
        List<V> values = new ArrayList<>(size);
        readAll(values::add);
        return values;
    }

    private static int spread(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    private sealed interface Node<K, V> {
        @Nullable
        V get(K key, int hash, int shift);

        Node<K, V> with(K key, V value, int hash, int shift);

        /** What remains without a key that is there, or null when that is nothing. */
        @Nullable
        Node<K, V> without(K key, int hash, int shift);

        boolean readAll(Predicate<? super V> reader);
    }

    /** Children in the order of the five bits of hash that lead to them; a bit is set for each that is there. */
    private record Branch<K, V>(int bits, Node<K, V>[] children) implements Node<K, V> {

        @SuppressWarnings({"unchecked", "rawtypes"}) // an array cannot be generic
        static <K, V> Node<K, V>[] nodes(int length) {
            return new Node[length];
        }

        static int bit(int hash, int shift) {
            return 1 << ((hash >>> shift) & 31);
        }

        private int index(int bit) {
            return Integer.bitCount(bits & (bit - 1));
        }

        @Override
        public @Nullable V get(K key, int hash, int shift) {
            int bit = bit(hash, shift);
            return (bits & bit) == 0 ? null : children[index(bit)].get(key, hash, shift + BITS);
        }

        @Override
        public Node<K, V> with(K key, V value, int hash, int shift) {
            int bit = bit(hash, shift);
            int index = index(bit);
            if ((bits & bit) != 0) {
                Node<K, V>[] changed = children.clone();
                changed[index] = children[index].with(key, value, hash, shift + BITS);
                return new Branch<>(bits, changed);
            }
            Node<K, V>[] grown = Arrays.copyOf(children, children.length + 1);
            System.arraycopy(children, index, grown, index + 1, children.length - index);
            grown[index] = new Leaf<>(hash, key, value, null);
            return new Branch<>(bits | bit, grown);
        }

        @Override
        public @Nullable Node<K, V> without(K key, int hash, int shift) {
            int bit = bit(hash, shift);
            int index = index(bit);
            Node<K, V> rest = children[index].without(key, hash, shift + BITS);
            if (rest != null) {
                Node<K, V>[] changed = children.clone();
                changed[index] = rest;
                return new Branch<>(bits, changed);
            }
            if (children.length == 1) {
                return null;
            }
            Node<K, V>[] shrunk = Arrays.copyOf(children, children.length - 1);
            System.arraycopy(children, index + 1, shrunk, index, children.length - index - 1);
            return new Branch<>(bits & ~bit, shrunk);
        }

        @Override
        public boolean readAll(Predicate<? super V> reader) {
            for (Node<K, V> child : children) {
                if (!child.readAll(reader)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** One entry, and those whose keys have the same hash. */
    private record Leaf<K, V>(int hash, K key, V value, @Nullable Leaf<K, V> next) implements Node<K, V> {

        @Override
        public @Nullable V get(K wanted, int ofHash, int shift) {
            for (Leaf<K, V> leaf = this; leaf != null; leaf = leaf.next) {
                if (leaf.key.equals(wanted)) {
                    return leaf.value;
                }
            }
            return null;
        }

        @Override
        public Node<K, V> with(K added, V its, int ofHash, int shift) {
            if (ofHash == hash) {
                return new Leaf<>(hash, added, its, without(added, hash, shift));
            }
            Node<K, V>[] alone = Branch.nodes(1);
            alone[0] = this;
            return new Branch<>(Branch.bit(hash, shift), alone).with(added, its, ofHash, shift);
        }

        @Override
        public @Nullable Leaf<K, V> without(K removed, int ofHash, int shift) {
            if (key.equals(removed)) {
                return next;
            }
            return new Leaf<>(hash, key, value, next == null ? null : next.without(removed, ofHash, shift));
        }

        @Override
        public boolean readAll(Predicate<? super V> reader) {
            for (Leaf<K, V> leaf = this; leaf != null; leaf = leaf.next) {
                if (!reader.test(leaf.value)) {
                    return false;
                }
            }
            return true;
        }
    }
}
