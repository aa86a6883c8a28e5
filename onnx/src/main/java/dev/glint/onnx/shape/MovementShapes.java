package dev.glint.onnx.shape;

import dev.glint.onnx.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Shapes of what moves, selects or adds up elements. */
final class MovementShapes {
    private MovementShapes() {}

    static List<Size> reshaped(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        List<Size> target = node.integers("shape")
                .map(sizes -> sizes.stream().map(Size::fixed).toList())
                .orElseGet(() -> operands.content(1));
        List<Size> output = new ArrayList<>();
        int rest = -1;
        for (int i = 0; i < target.size(); i++) {
            Size size = target.get(i);
            if (size.equalsNumber(-1)) {
                require(rest < 0, "two dimensions of what is left");
                rest = i;
                output.add(Size.ONE);
            } else {
                output.add(size.equalsNumber(0) && node.integer("allowzero", 0) == 0 ? input.get(i) : size);
            }
        }
        Size all = Size.product(input);
        if (rest >= 0) {
            Size others = Size.product(output);
            Size left = all.dividedBy(others);
            require(left.times(others).equals(all), input + " as " + target);
            output.set(rest, left);
        }
        require(Size.product(output).equals(all), input + " as " + target);
        return output;
    }

    static List<Size> flattened(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        long axis = node.integer("axis", 1);
        int split = axis == input.size() ? input.size() : Operands.axis(axis, input.size());
        return List.of(Size.product(input.subList(0, split)), Size.product(input.subList(split, input.size())));
    }

    static List<Size> squeezed(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        Optional<Set<Integer>> axes = operands.setting("axes", 1).map(list -> axes(list, input.size()));
        List<Size> output = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            boolean one = input.get(i).equals(Size.ONE);
            boolean gone = axes.isPresent() ? axes.get().contains(i) : one;
            require(!gone || one, "squeezed " + input);
            if (!gone) {
                output.add(input.get(i));
            }
        }
        return output;
    }

    static List<Size> unsqueezed(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        List<Long> list = operands.setting("axes", 1).orElseThrow(() -> new IllegalArgumentException("no axes"));
        int rank = input.size() + list.size();
        Set<Integer> axes = axes(list, rank);
        List<Size> output = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < rank; i++) {
            output.add(axes.contains(i) ? Size.ONE : input.get(next++));
        }
        return output;
    }

    private static Set<Integer> axes(List<Long> list, int rank) {
        Set<Integer> axes = new HashSet<>();
        list.forEach(axis -> axes.add(Operands.axis(axis, rank)));
        return axes;
    }

    static List<Size> transposed(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        Optional<List<Long>> order = node.integers("perm");
        List<Size> output = new ArrayList<>();
        if (order.isEmpty()) {
            output.addAll(input);
            Collections.reverse(output);
            return output;
        }
        require(axes(order.get(), input.size()).size() == input.size(), "the order " + order.get());
        order.get().forEach(axis -> output.add(input.get(Operands.axis(axis, input.size()))));
        return output;
    }

    static List<Size> concatenated(Node node, Operands operands) {
        List<Size> output = new ArrayList<>(operands.shape(0));
        int axis = operands.axis(1, output);
        for (int i = 1; i < node.inputs().size(); i++) {
            List<Size> more = operands.shape(i);
            require(more.size() == output.size(), "concatenated ranks");
            for (int d = 0; d < output.size(); d++) {
                require(d == axis || more.get(d).equals(output.get(d)), "concatenated " + output + " with " + more);
            }
            output.set(axis, output.get(axis).plus(more.get(axis)));
        }
        return output;
    }

    static List<Size> sliced(Node node, Operands operands) {
        List<Size> output = new ArrayList<>(operands.shape(0));
        Slices slices = Slices.read(operands, output.size());
        for (int i = 0; i < slices.axes().size(); i++) {
            int axis = slices.axes().get(i);
            if (slices.isWhole(i)) {
                continue;
            }
            output.set(axis, Size.fixed(slices.count(i, output.get(axis).number())));
        }
        return output;
    }

    static List<List<Size>> split(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        int axis = operands.axis(0, input);
        int parts = node.outputs().size();
        long size = input.get(axis).number();
        List<Long> sizes = operands.setting("split", 1).orElseGet(() -> equalParts(size, parts));
        require(
                sizes.size() == parts
                        && sizes.stream().mapToLong(Long::longValue).sum() == size,
                "parts " + sizes);
        List<List<Size>> outputs = new ArrayList<>();
        for (long part : sizes) {
            List<Size> output = new ArrayList<>(input);
            output.set(axis, Size.fixed(part));
            outputs.add(output);
        }
        return outputs;
    }

    /** Of equal size but for a smaller last one, as since operator set 18. */
    private static List<Long> equalParts(long size, int parts) {
        long part = (size + parts - 1) / parts;
        List<Long> sizes = new ArrayList<>(Collections.nCopies(parts, part));
        sizes.set(parts - 1, size - part * (parts - 1));
        return sizes;
    }

    static List<Size> gathered(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        int axis = operands.axis(0, input);
        List<Size> output = new ArrayList<>(input.subList(0, axis));
        output.addAll(operands.shape(1));
        output.addAll(input.subList(axis + 1, input.size()));
        return output;
    }

    static List<Size> expanded(Operands operands) {
        return Operands.broadcast(operands.shape(0), operands.content(1));
    }

    static List<Size> padded(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        List<Long> pads = operands.setting("pads", 1).orElseThrow(() -> new IllegalArgumentException("no pads"));
        int axesInput = 3;
        require(pads.size() == 2 * input.size() && !operands.has(axesInput), "pads " + pads);
        List<Size> output = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            long more = Math.addExact(pads.get(i), pads.get(input.size() + i));
            output.add(input.get(i).plus(Size.fixed(more)));
        }
        return output;
    }

    static List<Size> reduced(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        boolean chosen = node.op().startsWith("Arg");
        Optional<List<Long>> stated =
                chosen ? Optional.of(List.of(node.integer("axis", 0))) : operands.setting("axes", 1);
        boolean all = stated.isEmpty() || stated.get().isEmpty();
        if (all && node.integer("noop_with_empty_axes", 0) != 0) {
            return input;
        }
        Set<Integer> axes = axes(all ? List.of() : stated.get(), input.size());
        boolean keep = node.integer("keepdims", 1) != 0;
        List<Size> output = new ArrayList<>();
        for (int i = 0; i < input.size(); i++) {
            if (!all && !axes.contains(i)) {
                output.add(input.get(i));
            } else if (keep) {
                output.add(Size.ONE);
            }
        }
        return output;
    }

    static List<Size> blocks(Node node, Operands operands) {
        List<Size> input = operands.shape(0);
        Size block = Size.fixed(node.integer("blocksize", 1));
        boolean shrinks = node.op().equals("SpaceToDepth");
        Size area = block.times(block);
        Size channels = shrinks ? input.get(1).times(area) : input.get(1).dividedBy(area);
        List<Size> output = new ArrayList<>(List.of(input.get(0), channels));
        for (Size size : input.subList(2, input.size())) {
            output.add(shrinks ? size.dividedBy(block) : size.times(block));
        }
        return output;
    }

    /** What Shape gives, which may be asked for a part since operator set 15. */
    static List<Size> shapeOf(Node node, Operands operands) {
        List<Size> shape = operands.shape(0);
        int start = clamped(node.integer("start", 0), shape.size());
        int end = clamped(node.integer("end", shape.size()), shape.size());
        return start < end ? shape.subList(start, end) : List.of();
    }

    private static int clamped(long index, int size) {
        return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw new IllegalArgumentException(found);
        }
    }
}
