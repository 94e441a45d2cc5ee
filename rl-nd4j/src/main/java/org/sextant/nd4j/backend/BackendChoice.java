// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.backend;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sextant.models.kernels.Device;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides once where ND4J computes, and remembers it. */
final class BackendChoice {
    private static final Logger LOG = LoggerFactory.getLogger(Backend.class);

    private final Supplier<Optional<String>> cpu;
    private final CudaProbe cuda;
    private final Function<Device, String> start;
    private Optional<String> cudaObstacle;
    private Backend chosen;

    /**
     * @param cpu why the CPU backend cannot be used
     * @param start starts ND4J on the CPU or on CUDA, and returns what that backend was built with
     */
    BackendChoice(Supplier<Optional<String>> cpu, CudaProbe cuda, Function<Device, String> start) {
        this.cpu = cpu;
        this.cuda = cuda;
        this.start = start;
    }

    synchronized Optional<String> whyNot(Device device) {
        if (chosen != null) {
            return whyNotAfter(device);
        }
        return switch (device) {
            case CPU -> cpu.get();
            case CUDA -> cudaObstacle();
            case AUTO -> cpu.get().flatMap(obstacle -> cudaObstacle().map(other -> obstacle + " " + other));
        };
    }

    synchronized Backend use(Device device) {
        Optional<String> obstacle = whyNot(device);
        if (obstacle.isPresent()) {
            throw new UnsupportedOperationException(obstacle.get());
        }
        if (chosen == null) {
            chosen = started(device == Device.AUTO ? best() : device);
        }
        return chosen;
    }

    private Optional<String> whyNotAfter(Device device) {
        if (device == Device.AUTO || device == chosen.device()) {
            return Optional.empty();
        }
        if (device == Device.CUDA && cudaObstacle != null && cudaObstacle.isPresent()) {
            return cudaObstacle;
        }
        return Optional.of("ND4J computes on the " + name(chosen.device())
                + " in this process already, and chooses once: start again with device = " + device + ".");
    }

    private Device best() {
        Optional<String> obstacle = cudaObstacle();
        obstacle.ifPresent(sentence -> LOG.info("device = auto is the CPU here: {}", sentence));
        return obstacle.isPresent() ? Device.CPU : Device.CUDA;
    }

    private Backend started(Device device) {
        String built = start.apply(device);
        if (device == Device.CPU) {
            return new Backend(device, built.contains("HAVE_ONEDNN") ? "cpu, oneDNN" : "cpu");
        }
        CudaProbe.Card card = cuda.card();
        return new Backend(device, card.name() + ", sm_" + card.major() + card.minor());
    }

    private Optional<String> cudaObstacle() {
        if (cudaObstacle == null) {
            cudaObstacle = CudaObstacles.find(cuda);
        }
        return cudaObstacle;
    }

    private static String name(Device device) {
        return device == Device.CUDA ? "GPU" : "CPU";
    }
}
