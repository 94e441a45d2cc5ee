// SPDX-License-Identifier: Apache-2.0
package org.sextant.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.invocation.InvocationOnMock;
import org.sextant.api.model.OptimiserSettings;
import org.sextant.api.model.OptimiserSettings.Schedule;
import org.sextant.api.model.Role;
import org.sextant.api.output.LogProb;
import org.sextant.api.random.StreamKey;
import org.sextant.api.random.Streams;
import org.sextant.models.kernels.Kernels;
import org.sextant.models.kernels.MemoryArena;
import org.sextant.models.kernels.MemoryUse;
import org.sextant.models.kernels.ReferenceKernels;
import org.sextant.models.optimiser.AdamW;
import org.sextant.models.transformer.AdapterSettings;
import org.sextant.models.transformer.Parameter;

@DisplayName("What fails while it takes memory gives all of it back")
class ShortMemoryTest {
    private static final AdapterSettings ADAPTER = new AdapterSettings(2, 4, 0, List.of("q_proj"), false);

    @TempDir
    private Path saved;

    private final Kernels real = new ReferenceKernels();
    private final Kernels kernels = mock(Kernels.class, delegatesTo(real));
    /** Tensors that arenas still give; below 0 there is no end. */
    private final AtomicInteger left = new AtomicInteger(-1);

    private LanguageModel base;

    @BeforeEach
    void open() {
        doAnswer(call -> limited(real.arena(call.getArgument(0)))).when(kernels).arena(anyString());
        base = TestModels.spread(TestModels.tiny(true), Set.of(), kernels);
    }

    @AfterEach
    void close() {
        base.close();
        assertThat(held()).isZero();
    }

    private MemoryArena limited(MemoryArena arena) {
        MemoryArena limited = mock(MemoryArena.class, delegatesTo(arena));
        doAnswer(call -> count(call, arena)).when(limited).allocate(anyString(), anyInt(), anyInt());
        doAnswer(call -> count(call, arena)).when(limited).allocateWeight(anyString(), anyInt(), anyInt(), any());
        doAnswer(call -> count(call, arena)).when(limited).allocateLike(anyString(), any());
        return limited;
    }

    private Object count(InvocationOnMock call, MemoryArena arena) throws Exception {
        if (left.get() >= 0 && left.getAndDecrement() == 0) {
            throw new OutOfMemoryError("none left");
        }
        return call.getMethod().invoke(arena, call.getArguments());
    }

    private long held() {
        return real.memory().stream().mapToLong(MemoryUse::bytes).sum();
    }

    private void assertGivesBack(ThrowingCallable taking) {
        long before = held();
        left.set(3);
        assertThatThrownBy(taking).isInstanceOf(OutOfMemoryError.class);
        left.set(-1);
        assertThat(held()).isEqualTo(before);
    }

    @Test
    void models() {
        base.save(saved);
        assertGivesBack(() -> TestModels.spread(TestModels.tiny(true), Set.of(), kernels));
        assertGivesBack(() -> LanguageModel.load(saved, kernels, Role.POLICY));
        assertGivesBack(() -> base.copy(Role.REFERENCE));
        assertGivesBack(() -> base.merged());
        assertGivesBack(() -> TestModels.adapted(base, Set.of(), ADAPTER));
        assertThat(base.parameters()).as("nobody shares them").allMatch(Parameter::trains);
        Path adapter = saved.resolve("adapter");
        try (LanguageModel adapted = TestModels.adapted(base, Set.of(), ADAPTER)) {
            adapted.save(adapter);
            assertGivesBack(() -> adapted.copy(Role.REFERENCE));
        }
        assertGivesBack(() -> base.sharing(Role.POLICY, adapter));
    }

    @Test
    void training() {
        assertGivesBack(() -> base.forward(TestModels.batch(11, 3, 7), Set.of(new LogProb()), 1));
        OptimiserSettings settings = new OptimiserSettings(1e-3, Schedule.CONSTANT, 0, 0, 0.9, 0.99, 1e-8, 0, 0, 1);
        assertGivesBack(() -> new AdamW(base.trained(), settings, 1, kernels));
    }

    @Test
    @DisplayName("An adapter for modules that there are not leaves the base as it was")
    void unknownTarget() {
        long before = held();
        AdapterSettings unknown = new AdapterSettings(2, 4, 0, List.of("q_proj", "query"), false);
        var stream = new Streams(3).open(StreamKey.of("adapter"));
        assertThatThrownBy(() -> base.sharing(Role.POLICY, Set.of(), Optional.of(unknown), stream))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(held()).isEqualTo(before);
        assertThat(base.parameters()).allMatch(Parameter::trains);
    }
}
