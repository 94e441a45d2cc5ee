// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.output.Head;
import org.sextant.models.Capabilities;
import org.sextant.models.Sequences;
import org.sextant.models.decoding.NextTokens;
import org.sextant.models.files.WholeFile;
import org.sextant.models.network.Network;
import org.sextant.models.network.NetworkShape;
import org.sextant.models.optimiser.Optimiser;

/** A table: what follows a token depends on that token alone, and so do the numbers of its heads, a column each. */
final class BigramNetwork implements Network {
    static final String FILE = "table.txt";

    private final NetworkShape shape;
    private final int columns;
    private final double[] table;
    private final double[] gradient;

    BigramNetwork(int context, int vocabulary, Set<Head> heads) {
        this.columns = vocabulary + Head.values().length;
        this.table = new double[vocabulary * columns];
        this.gradient = new double[table.length];
        this.shape = new NetworkShape(
                "table of " + vocabulary + " by " + columns, context, vocabulary, table.length, 8, 8 * columns, heads);
    }

    double[] table() {
        return table;
    }

    @Override
    public NetworkShape shape() {
        return shape;
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.plain(Capabilities.Carried.NOTHING);
    }

    @Override
    public double tolerance() {
        return 0;
    }

    @Override
    public States run(Sequences rows) {
        return train(rows, OptionalLong.empty());
    }

    @Override
    public Pass train(Sequences rows, OptionalLong dropoutSeed) {
        int[] tokens = rows.tokens();
        return new Pass() {
            @Override
            public void logits(int token, double[] into) {
                System.arraycopy(table, tokens[token] * columns, into, 0, into.length);
            }

            @Override
            public double head(Head head, int token) {
                return table[tokens[token] * columns + shape.vocabulary() + head.ordinal()];
            }

            @Override
            public void logitsGradient(int token, double[] given) {
                for (int v = 0; v < given.length; v++) {
                    gradient[tokens[token] * columns + v] += given[v];
                }
            }

            @Override
            public void headGradient(Head head, int token, double given) {
                gradient[tokens[token] * columns + shape.vocabulary() + head.ordinal()] += given;
            }

            @Override
            public void backward() {
                // The gradients are where they belong already.
            }
        };
    }

    @Override
    public NextTokens<Void> nextTokens() {
        return new NextTokens<>() {
            @Override
            public int vocabulary() {
                return shape.vocabulary();
            }

            @Override
            public int context() {
                return shape.context();
            }

            @Override
            public int tokensAtOnce() {
                return Integer.MAX_VALUE;
            }

            @Override
            public Void begin() {
                return null;
            }

            @Override
            public Void copy(Void state) {
                return null;
            }

            @Override
            public void feed(List<Piece<Void>> pieces, double[][] logits) {
                for (int i = 0; i < pieces.size(); i++) {
                    int last = pieces.get(i).tokens()[pieces.get(i).to() - 1];
                    System.arraycopy(table, last * columns, logits[i], 0, shape.vocabulary());
                }
            }
        };
    }

    /** Gradient descent with momentum, which is its state. */
    @Override
    public Optimiser optimiser(OptimiserSettings settings, long totalSteps) {
        double[] velocity = new double[table.length];
        return new Optimiser() {
            private long steps;

            @Override
            public long steps() {
                return steps;
            }

            @Override
            public long bytes() {
                return 8L * velocity.length;
            }

            @Override
            public Step step() {
                double norm = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
                for (int i = 0; i < table.length; i++) {
                    velocity[i] = 0.9 * velocity[i] + gradient[i];
                    table[i] -= settings.learningRate() * velocity[i];
                }
                Arrays.fill(gradient, 0);
                return new Step(++steps, settings.learningRate(), norm);
            }

            @Override
            public void save(Path file) {
                write(file, velocity);
            }

            @Override
            public void load(Path file) {
                double[] saved = read(file);
                System.arraycopy(saved, 0, velocity, 0, saved.length);
            }

            @Override
            public void close() {
                Arrays.fill(velocity, 0);
            }
        };
    }

    @Override
    public String contentHash() {
        return "%064x".formatted(Arrays.hashCode(table));
    }

    @Override
    public long gradientBytes() {
        return 8L * gradient.length;
    }

    @Override
    public void save(Path directory) {
        write(directory.resolve(FILE), table);
    }

    void read(Path directory, String file) {
        double[] saved = read(directory.resolve(file));
        System.arraycopy(saved, 0, table, 0, saved.length);
    }

    private static void write(Path file, double[] numbers) {
        WholeFile.writeText(
                file, Arrays.stream(numbers).mapToObj(Double::toHexString).collect(Collectors.joining("\n")));
    }

    private static double[] read(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // Nothing but arrays.
    }
}
