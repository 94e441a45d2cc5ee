// SPDX-License-Identifier: Apache-2.0
package org.sextant.nd4j.networks;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.weightnoise.IWeightNoise;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;

/**
 * Dropout and weight noise of a graph, which must be off in reinforcement learning: what is trained would not be what was sampled. Deeplearning4j ties them
 * to training mode, without which there is no backward pass, so they are taken out of its layers and put back.
 */
final class Noise {
    private final List<Place> places = new ArrayList<>();

    private record Place(org.deeplearning4j.nn.conf.layers.Layer layer, IDropout dropout, IWeightNoise weightNoise) {
        void put(IDropout wanted, IWeightNoise wantedNoise) {
            layer.setIDropout(wanted);
            if (layer instanceof BaseLayer base) {
                base.setWeightNoise(wantedNoise);
            }
        }
    }

    Noise(ComputationGraph graph) {
        for (Layer layer : graph.getLayers()) {
            add(layer);
        }
    }

    private void add(Layer layer) {
        var conf = layer.conf().getLayer();
        IWeightNoise weights = conf instanceof BaseLayer base ? base.getWeightNoise() : null;
        if (conf.getIDropout() != null || weights != null) {
            places.add(new Place(conf, conf.getIDropout(), weights));
        }
        if (layer instanceof BaseWrapperLayer wrapper) {
            add(wrapper.getUnderlying());
        }
    }

    void on() {
        places.forEach(place -> place.put(place.dropout(), place.weightNoise()));
    }

    void off() {
        places.forEach(place -> place.put(null, null));
    }
}
