'use strict';
// Draws the charts whose data the page carries. Colors are those of the style sheet, light or dark.
(() => {
  const specifications = JSON.parse(document.getElementById('charts').textContent);
  const color = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const escape = text => String(text).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
  const font = {fontFamily: getComputedStyle(document.body).fontFamily};
  const formats = {
    NUMBER: value => Number(value.toPrecision(4)).toString(),
    PERCENT: value => (100 * value).toFixed(2) + ' %',
    RATE: value => Number(value.toPrecision(3)).toString(),
  };
  const axisFormats = {
    ...formats,
    PERCENT: value => Number((100 * value).toPrecision(4)) + ' %',
  };
  const paint = () => ({
    text: color('text'), muted: color('muted'), line: color('line'), surface: color('surface'),
    series: [color('training'), color('held-out')], heat: [color('heat-low'), color('heat-high')],
  });
  const tooltip = colors => ({
    confine: true, backgroundColor: colors.surface, borderColor: colors.line, textStyle: {...font, color: colors.text, fontSize: 13},
  });

  const ruler = document.createElement('canvas').getContext('2d');
  const textWidth = (text, size) => {
    ruler.font = size + 'px ' + font.fontFamily;
    return Math.ceil(1.05 * ruler.measureText(text).width) + 4;
  };

  function lines(chart, colors) {
    const format = formats[chart.unit];
    const xs = chart.series[0].points.map(point => point[0]);
    const ys = chart.series.flatMap(series => series.points.map(point => point[1])).filter(y => y !== null);
    // A series of its own, since mark lines do not show on a logarithmic axis; without a name the tooltip leaves it out.
    const mark = chart.mark === undefined || !ys.length ? [] : [{
      name: '', type: 'line', data: [[chart.mark, Math.min(...ys)], [chart.mark, Math.max(...ys)]], silent: true, symbol: 'none',
      lineStyle: {color: colors.muted, type: 'dashed', width: 1},
    }];
    const axis = {
      axisLine: {lineStyle: {color: colors.line}}, axisTick: {lineStyle: {color: colors.line}},
      splitLine: {lineStyle: {color: colors.line}},
    };
    return {
      tooltip: {
        ...tooltip(colors), trigger: 'axis',
        formatter: items => escape(chart.xName + ' ' + Number(items[0].value[0].toPrecision(4))) + items.filter(item => item.seriesName).map(item =>
          '<br>' + item.marker + escape(item.seriesName) + ' <b>' + escape(item.value[1] === null ? 'no number' : format(item.value[1])) + '</b>').join(''),
      },
      legend: {show: chart.series.length > 1, data: chart.series.map(series => series.name), top: 0, right: 0, icon: 'roundRect', itemHeight: 4, itemWidth: 16, textStyle: {...font, color: colors.muted}},
      grid: {left: 8, right: 18, top: 34, bottom: 24, containLabel: true},
      xAxis: {
        ...axis, type: chart.logarithmicX ? 'log' : 'value', name: chart.xName, nameLocation: 'middle', nameGap: 28,
        min: chart.logarithmicX ? undefined : xs[0] - (xs.length === 1 ? 1 : 0),
        max: chart.logarithmicX ? undefined : Math.ceil(xs[xs.length - 1]) + (xs.length === 1 ? 1 : 0),
        minInterval: chart.logarithmicX ? undefined : 1, splitLine: {show: false},
        nameTextStyle: {...font, color: colors.muted}, axisLabel: {...font, color: colors.muted, hideOverlap: true, formatter: value => formats.RATE(value)},
      },
      yAxis: {
        ...axis, type: 'value', scale: chart.unit !== 'RATE', splitNumber: 4,
        axisLabel: {...font, color: colors.muted, formatter: axisFormats[chart.unit]},
      },
      series: mark.concat(chart.series.map((series, i) => ({
        name: series.name, type: 'line', data: series.points, color: colors.series[i % colors.series.length],
        showSymbol: series.points.length <= 30, symbol: 'circle', symbolSize: 5, lineStyle: {width: 2},
      }))),
    };
  }

  function matrix(chart, colors, width) {
    const classes = chart.labels.length;
    const wide = width < 480 ? 64 : 160;
    const fontSize = classes > 25 ? 9 : 12;
    const longest = Math.min(wide, Math.max(...chart.labels.map(text => textWidth(text, fontSize))));
    const numbers = classes <= 12 && width / classes > 26;
    const tilted = classes > 4;
    const label = {...font, color: colors.muted, interval: 0, overflow: 'truncate', fontSize};
    // Side by side, labels have a cell each; tilted, they take the height of a right-angled triangle.
    const below = tilted ? (longest + fontSize) * Math.SQRT1_2 : fontSize + 2;
    const axis = {type: 'category', data: chart.labels, axisTick: {show: false}, axisLine: {lineStyle: {color: colors.line}}};
    const name = {nameLocation: 'middle', nameTextStyle: {...font, color: colors.muted}};
    return {
      tooltip: {
        ...tooltip(colors),
        formatter: item => escape(chart.labels[item.value[1]]) + ' taken for ' + escape(chart.labels[item.value[0]])
          + '<br><b>' + item.value[2] + '</b> pictures, ' + (100 * item.value[3]).toFixed(2) + ' % of the class',
      },
      grid: {left: longest + 38, right: tilted ? 6 : 12, top: 6, bottom: below + 76},
      xAxis: {...axis, ...name, name: 'predicted', nameGap: below + 18, axisLabel: {...label, width: tilted ? longest : Math.max(30, (width - longest - 50) / classes - 6), rotate: tilted ? 45 : 0}},
      yAxis: {...axis, ...name, name: 'true', nameGap: longest + 18, inverse: true, axisLabel: {...label, width: longest}},
      visualMap: {
        min: 0, max: 1, dimension: 3, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemWidth: 10, itemHeight: 120,
        text: ['100 % of the true class', '0'], textStyle: {...font, color: colors.muted}, inRange: {color: colors.heat},
      },
      series: [{
        type: 'heatmap', data: chart.cells.map(cell => ({value: cell, label: {color: cell[3] > 0.5 ? colors.surface : colors.text}})),
        label: {...font, show: numbers, fontSize: width / classes > 44 ? 12 : 10, formatter: item => String(item.value[2] || '')},
        itemStyle: {borderColor: colors.surface, borderWidth: classes > 25 ? 0 : 1}, emphasis: {itemStyle: {borderColor: colors.text, borderWidth: 1}},
      }],
    };
  }

  const MANY_POINTS = 6;
  const NARROW = 700;
  const LABEL_HEIGHT = 14;

  // Finds a place for the label of each point, one after the other: as near as can be where it covers neither a point nor another label.
  function placement(centers, bounds) {
    const taken = centers.map(([x, y]) => ({left: x - 7, right: x + 7, top: y - 7, bottom: y + 7}));
    const places = new Map();
    const directions = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]];
    const reaches = [10, 20, 34, 48, 62, 78, 94, 112, 130, 150];
    const cost = box => taken.reduce((sum, other) => sum + Math.max(0, Math.min(box.right, other.right) - Math.max(box.left, other.left))
      * Math.max(0, Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top)), 0)
      + (box.left < 0 || box.top < 0 || box.right > bounds.width || box.bottom > bounds.height ? 1e6 : 0);
    return (index, width, height) => {
      if (!places.has(index)) {
        const [x, y] = centers[index];
        let best;
        for (const reach of reaches) {
          for (const [right, down] of directions) {
            const left = x + right * reach + (right - 1) / 2 * width;
            const top = y + down * reach + (down - 1) / 2 * height;
            const box = {left, right: left + width, top, bottom: top + height, reach};
            box.cost = cost(box);
            if (!best || box.cost < best.cost) {
              best = box;
            }
          }
          if (best.cost === 0) {
            break;
          }
        }
        taken.push({left: best.left - 1, right: best.right + 1, top: best.top - 1, bottom: best.bottom + 1});
        places.set(index, best);
      }
      return places.get(index);
    };
  }

  // Accuracy over latency, with an interval of the accuracy through each point.
  function points(chart, colors, width, instance) {
    const shapes = ['circle', 'diamond', 'rect', 'triangle', 'pin', 'arrow'];
    const tones = [...colors.series, colors.muted, colors.text];
    const tone = i => tones[i % tones.length];
    const before = chart.series.map((series, i) => chart.series.slice(0, i).reduce((sum, other) => sum + other.points.length, 0));
    const all = chart.series.flatMap(series => series.points.map(point => point.value));
    const low = Math.min(...all.map(value => value[2]));
    const high = Math.max(...all.map(value => value[3]));
    const room = Math.max(0.002, 0.1 * (high - low));
    // Names where there is room for them, otherwise the numbers of the list below.
    const numbered = width < NARROW && all.length > MANY_POINTS;
    document.querySelectorAll('.key').forEach(key => { key.hidden = !numbered; });
    const label = (i, j) => numbered ? String(before[i] + j + 1) : chart.series[i].points[j].name;
    let place;
    const layout = i => item => {
      if (!place) {
        const centers = all.map(value => instance.convertToPixel({xAxisIndex: 0, yAxisIndex: 0}, [value[0], value[1]]));
        place = placement(centers, {width: instance.getWidth(), height: instance.getHeight()});
      }
      const box = place(before[i] + item.dataIndex, textWidth(label(i, item.dataIndex), 12), LABEL_HEIGHT);
      const x = item.rect.x + item.rect.width / 2;
      const y = item.rect.y + item.rect.height / 2;
      const end = [Math.max(box.left, Math.min(box.right, x)), Math.max(box.top, Math.min(box.bottom, y))];
      return {
        x: box.left, y: box.top + LABEL_HEIGHT / 2, align: 'left', verticalAlign: 'middle',
        labelLinePoints: box.reach > 10 ? [[x, y], [(x + end[0]) / 2, (y + end[1]) / 2], end] : [[x, y], [x, y], [x, y]],
      };
    };
    const axis = {
      axisLine: {lineStyle: {color: colors.line}}, axisTick: {lineStyle: {color: colors.line}}, splitLine: {lineStyle: {color: colors.line}},
      axisLabel: {...font, color: colors.muted, hideOverlap: true},
    };
    return {
      tooltip: {
        ...tooltip(colors),
        formatter: item => item.marker + escape(item.seriesName) + '<br>' + escape(item.name) + ' <b>' + formats.NUMBER(item.value[0]) + ' ms, '
          + formats.PERCENT(item.value[1]) + '</b><br>' + formats.PERCENT(item.value[2]) + ' to ' + formats.PERCENT(item.value[3]),
      },
      legend: {show: chart.series.length > 1, data: chart.series.map(series => series.name), top: 0, right: 0, orient: width < 480 ? 'vertical' : 'horizontal', textStyle: {...font, color: colors.muted}},
      grid: {left: 8, right: numbered || width < 480 ? 40 : 90, top: width < 480 ? 14 + 24 * chart.series.length : 34, bottom: 24, containLabel: true},
      xAxis: {...axis, type: 'log', name: chart.xName, nameLocation: 'middle', nameGap: 28, nameTextStyle: {...font, color: colors.muted},
        min: extent => extent.min / 1.5, max: extent => extent.max * 1.5, splitLine: {show: false},
        axisLabel: {...axis.axisLabel, showMinLabel: false, showMaxLabel: false, formatter: value => formats.RATE(value)}},
      yAxis: {...axis, type: 'value', min: Math.max(0, low - room), max: Math.min(1, high + room), splitNumber: 4,
        axisLabel: {...axis.axisLabel, showMaxLabel: false, formatter: value => (100 * value).toFixed(high - low < 0.05 ? 1 : 0) + ' %'}},
      series: chart.series.flatMap((series, i) => [
        ...series.points.map(point => ({
          name: '', type: 'line', silent: true, symbol: 'none', lineStyle: {color: tone(i), width: 1.5, opacity: 0.6},
          data: [[point.value[0], point.value[2]], [point.value[0], point.value[3]]],
        })),
        {
          name: series.name, type: 'scatter', symbol: shapes[i % shapes.length], symbolSize: 11, color: tone(i),
          data: series.points,
          label: {...font, show: true, color: colors.text, fontSize: 12, textBorderColor: colors.surface, textBorderWidth: 3, formatter: item => label(i, item.dataIndex)},
          labelLine: {show: true, lineStyle: {color: colors.muted, width: 1}},
          labelLayout: layout(i),
        },
      ]),
    };
  }

  const builders = {lines, matrix, points};
  const drawn = [...document.querySelectorAll('[data-chart]')].map(element => ({
    element, specification: specifications[element.dataset.chart], chart: echarts.init(element, null, {renderer: 'svg'}),
  }));
  const draw = () => {
    const colors = paint();
    for (const {element, specification, chart} of drawn) {
      chart.resize();
      const option = builders[specification.type](specification, colors, element.clientWidth, chart);
      chart.setOption({animation: false, ...option}, true);
    }
  };
  // A phone would scroll through them for long.
  if (innerWidth <= 560) {
    document.querySelectorAll('details.fold').forEach(details => { details.open = false; });
  }
  draw();
  addEventListener('resize', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  matchMedia('print').addEventListener('change', draw);
  // On paper nothing can be opened.
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('details:not([open])')];
    opened.forEach(details => { details.open = true; });
  });
  addEventListener('afterprint', () => opened.forEach(details => { details.open = false; }));
})();
