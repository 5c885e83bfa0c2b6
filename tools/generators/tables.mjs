// Writes libs/ingest/testdata/exceljs.xlsx with npm `exceljs`: the list of tables.py, with a name in rich text and the saved result of its formula.
//
//   npm install --prefix /tmp/tables exceljs
//   node tools/generators/tables.mjs /tmp/tables/node_modules libs/ingest/testdata/exceljs.xlsx
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';

const [modules, path] = process.argv.slice(2);
if (!path) {
  console.error('usage: node tables.mjs <node_modules> <file>');
  process.exit(2);
}
const ExcelJS = createRequire(import.meta.url)(resolve(join(modules, 'exceljs')));

const header = ['序号', '行政处罚决定书文号', '处罚机关代码', '行政相对人名称', '行政相对人类别', '违法行为类型', '违法事实', '处罚依据', '处罚类别', '处罚内容',
  '罚款金额（万元）', '处罚决定日期', '公示截止期'];
const organ = '11330783002607321C';
const day = (year, month, date) => new Date(Date.UTC(year, month - 1, date));
const name = {richText: [{text: '东阳市'}, {font: {bold: true}, text: '甲食品店'}]};

const book = new ExcelJS.Workbook();
book.addWorksheet('填报说明', {state: 'hidden'}).addRow(header);
const sheet = book.addWorksheet('行政处罚');
sheet.addRow(['东阳市行政处罚汇总表']);
sheet.mergeCells(1, 1, 1, header.length);
sheet.addRow(header);
sheet.addRow([1, '东综执罚〔2024〕1号', organ, name, '个体工商户', '食品', '经营超过保质期的食品', '《食品安全法》第一百二十四条', '罚款', '罚款5000元', 0.5,
  day(2024, 3, 5), '2025/3/5']);
sheet.addRow([2, '东综执罚〔2024〕2号', organ, null, '个体工商户', '食品', '未建立进货查验制度', '《食品安全法》第一百二十六条', '警告;罚款', '警告，罚款1234.56元',
  0.123456, day(2024, 3, 6), new Date(Date.UTC(2025, 2, 6, 10, 30))]);
sheet.addRow([3, '东综执罚〔2024〕3号', organ, '张三', '自然人', '市容', '乱倒垃圾', '《城市市容和环境卫生管理条例》', '罚款', '罚款200元',
  {formula: '200/10000', result: 0.02}, '2024年3月7日', '2025-03-07']);
sheet.mergeCells('D3:D4');
sheet.addRow(['合计', ...Array(9).fill(null), 0.643456]);
sheet.addRow(['注：金额以决定书为准']);
await book.xlsx.writeFile(path);
